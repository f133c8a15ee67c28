package hearth.cf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/// A position in a message, checked at every step: what is not there, or over its limit, is a `CfFormatException`.
/// Used by one thread.
final class CfReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private int position;

    CfReader(byte[] bytes) throws CfFormatException {
        this.bytes = bytes;
        if (bytes.length > CfFormat.MESSAGE_BYTES_MAX) {
            throw new CfFormatException("message of " + bytes.length + " bytes");
        }
    }

    int byte1() throws CfFormatException {
        return bytes[take(1)] & 0xFF;
    }

    boolean flag() throws CfFormatException {
        int value = byte1();
        if (value > 1) {
            throw new CfFormatException("flag is " + value);
        }
        return value == 1;
    }

    int short2() throws CfFormatException {
        return (short) SHORT.get(bytes, take(Short.BYTES)) & 0xFFFF;
    }

    int int4() throws CfFormatException {
        return (int) INT.get(bytes, take(Integer.BYTES));
    }

    long long8() throws CfFormatException {
        return (long) LONG.get(bytes, take(Long.BYTES));
    }

    /// A four-byte number in `0..max`.
    int bounded(int max, String what) throws CfFormatException {
        int value = int4();
        if (value < 0 || value > max) {
            throw new CfFormatException(what + " is " + value + ", allowed 0.." + max);
        }
        return value;
    }

    byte[] raw(int count) throws CfFormatException {
        int from = take(count);
        return Arrays.copyOfRange(bytes, from, from + count);
    }

    /// A two-byte count, then that many bytes.
    byte[] counted(int bytesMax) throws CfFormatException {
        int count = short2();
        if (count > bytesMax) {
            throw new CfFormatException("byte string of " + count + ", allowed " + bytesMax);
        }
        return raw(count);
    }

    /// A four-byte number of elements that each take at least `elementBytesMin`: what cannot be there is refused
    /// before a list of that size is made.
    int elements(int max, int elementBytesMin) throws CfFormatException {
        int count = bounded(max, "number of elements");
        if ((long) count * elementBytesMin > remaining()) {
            throw new CfFormatException(count + " elements in " + remaining() + " bytes");
        }
        return count;
    }

    /// The value with this code.
    <E extends Enum<E>> E coded(E[] values, ToIntFunction<E> codeOf) throws CfFormatException {
        int code = byte1();
        for (E value : values) {
            if (codeOf.applyAsInt(value) == code) {
                return value;
            }
        }
        throw new CfFormatException("unknown code " + code);
    }

    int remaining() {
        return bytes.length - position;
    }

    void end() throws CfFormatException {
        if (remaining() != 0) {
            throw new CfFormatException(remaining() + " bytes after the message");
        }
    }

    private int take(int count) throws CfFormatException {
        if (remaining() < count) {
            throw new CfFormatException(count + " bytes wanted at " + position + " of " + bytes.length);
        }
        int from = position;
        position += count;
        return from;
    }
}
