package hearth.cf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import hearth.base.Check;

/// A growing byte array that numbers are appended to, big-endian. One per message, used by one thread.
final class CfWriter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int length;

    CfWriter(int capacityBytes) {
        bytes = new byte[capacityBytes];
    }

    CfWriter byte1(int value) {
        Check.that((value & ~0xFF) == 0, "not a byte", value);
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    CfWriter flag(boolean value) {
        return byte1(value ? 1 : 0);
    }

    CfWriter short2(int value) {
        Check.that((value & ~0xFFFF) == 0, "not an unsigned short", value);
        reserve(Short.BYTES);
        SHORT.set(bytes, length, (short) value);
        length += Short.BYTES;
        return this;
    }

    CfWriter int4(int value) {
        reserve(Integer.BYTES);
        INT.set(bytes, length, value);
        length += Integer.BYTES;
        return this;
    }

    CfWriter long8(long value) {
        reserve(Long.BYTES);
        LONG.set(bytes, length, value);
        length += Long.BYTES;
        return this;
    }

    /// The bytes without a count.
    CfWriter raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /// A two-byte count, then the bytes.
    CfWriter counted(byte[] value, int bytesMax) {
        Check.that(value.length <= bytesMax, "byte string over its limit", value.length, bytesMax);
        return short2(value.length).raw(value);
    }

    byte[] toBytes() {
        Check.that(length <= CfFormat.MESSAGE_BYTES_MAX, "message over its limit", length);
        return Arrays.copyOf(bytes, length);
    }

    /// Makes room at once for about so many bytes.
    void expect(int more) {
        reserve(more);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
