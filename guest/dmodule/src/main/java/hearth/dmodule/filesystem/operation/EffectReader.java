package hearth.dmodule.filesystem.operation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Takes little-endian fields from an array, never beyond its end.
final class EffectReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private int at;

    EffectReader(byte[] bytes) {
        this.bytes = bytes;
    }

    int getByte() throws EffectFormatException {
        return bytes[take(Byte.BYTES)] & 0xFF;
    }

    int getShort() throws EffectFormatException {
        return getByte() | getByte() << Byte.SIZE;
    }

    int getInt() throws EffectFormatException {
        return (int) INT.get(bytes, take(Integer.BYTES));
    }

    long getLong() throws EffectFormatException {
        return (long) LONG.get(bytes, take(Long.BYTES));
    }

    byte[] getBytes(int length) throws EffectFormatException {
        int from = take(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    int left() {
        return bytes.length - at;
    }

    private int take(int size) throws EffectFormatException {
        if (size > bytes.length - at) {
            throw new EffectFormatException("effect ends within a field");
        }
        int from = at;
        at += size;
        return from;
    }
}
