package hearth.dmodule.filesystem.operation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Appends little-endian fields to a growing array.
final class EffectWriter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int end;

    EffectWriter(int sizeGuess) {
        bytes = new byte[sizeGuess];
    }

    EffectWriter putByte(int value) {
        room(Byte.BYTES);
        bytes[end++] = (byte) value;
        return this;
    }

    EffectWriter putShort(int value) {
        return putByte(value).putByte(value >>> Byte.SIZE);
    }

    EffectWriter putInt(int value) {
        room(Integer.BYTES);
        INT.set(bytes, end, value);
        end += Integer.BYTES;
        return this;
    }

    EffectWriter putLong(long value) {
        room(Long.BYTES);
        LONG.set(bytes, end, value);
        end += Long.BYTES;
        return this;
    }

    EffectWriter putBytes(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, end, value.length);
        end += value.length;
        return this;
    }

    byte[] toBytes() {
        return end == bytes.length ? bytes : Arrays.copyOf(bytes, end);
    }

    private void room(int size) {
        if (end + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + size));
        }
    }
}
