package hearth.cf;

import java.nio.ByteBuffer;
import java.util.Arrays;

import hearth.base.Check;

/// Growing memory that numbers are appended to, big-endian. One per message, used by one thread. A byte buffer and not
/// handles on an array: those cost milliseconds when they are first used, and that is after a restart.
final class CfWriter {
    private ByteBuffer bytes;

    CfWriter(int capacityBytes) {
        bytes = ByteBuffer.allocate(capacityBytes);
    }

    CfWriter byte1(int value) {
        Check.that((value & ~0xFF) == 0, "not a byte", value);
        reserve(1);
        bytes.put((byte) value);
        return this;
    }

    CfWriter flag(boolean value) {
        return byte1(value ? 1 : 0);
    }

    CfWriter short2(int value) {
        Check.that((value & ~0xFFFF) == 0, "not an unsigned short", value);
        reserve(Short.BYTES);
        bytes.putShort((short) value);
        return this;
    }

    CfWriter int4(int value) {
        reserve(Integer.BYTES);
        bytes.putInt(value);
        return this;
    }

    CfWriter long8(long value) {
        reserve(Long.BYTES);
        bytes.putLong(value);
        return this;
    }

    /// The bytes without a count.
    CfWriter raw(byte[] value) {
        reserve(value.length);
        bytes.put(value);
        return this;
    }

    /// A two-byte count, then the bytes.
    CfWriter counted(byte[] value, int bytesMax) {
        Check.that(value.length <= bytesMax, "byte string over its limit", value.length, bytesMax);
        return short2(value.length).raw(value);
    }

    byte[] toBytes() {
        Check.that(bytes.position() <= CfFormat.MESSAGE_BYTES_MAX, "message over its limit", bytes.position());
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /// Makes room at once for about so many bytes.
    void expect(int more) {
        reserve(more);
    }

    private void reserve(int more) {
        if (bytes.remaining() < more) {
            int capacity = Math.max(bytes.capacity() * 2, bytes.position() + more);
            bytes = ByteBuffer.allocate(capacity).put(bytes.flip());
        }
    }
}
