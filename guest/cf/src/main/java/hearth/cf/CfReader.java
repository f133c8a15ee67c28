package hearth.cf;

import java.nio.ByteBuffer;
import java.util.function.ToIntFunction;

/// A position in a message, checked at every step: what is not there, or over its limit, is a `CfFormatException`.
/// Used by one thread.
final class CfReader {
    private final ByteBuffer bytes;

    CfReader(byte[] bytes) throws CfFormatException {
        this.bytes = ByteBuffer.wrap(bytes);
        if (bytes.length > CfFormat.MESSAGE_BYTES_MAX) {
            throw new CfFormatException("message of " + bytes.length + " bytes");
        }
    }

    int byte1() throws CfFormatException {
        need(1);
        return bytes.get() & 0xFF;
    }

    boolean flag() throws CfFormatException {
        int value = byte1();
        if (value > 1) {
            throw new CfFormatException("flag is " + value);
        }
        return value == 1;
    }

    int short2() throws CfFormatException {
        need(Short.BYTES);
        return bytes.getShort() & 0xFFFF;
    }

    int int4() throws CfFormatException {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    long long8() throws CfFormatException {
        need(Long.BYTES);
        return bytes.getLong();
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
        need(count);
        var value = new byte[count];
        bytes.get(value);
        return value;
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
        return bytes.remaining();
    }

    void end() throws CfFormatException {
        if (remaining() != 0) {
            throw new CfFormatException(remaining() + " bytes after the message");
        }
    }

    private void need(int count) throws CfFormatException {
        if (bytes.remaining() < count) {
            throw new CfFormatException(
                    count + " bytes wanted at " + bytes.position() + " of " + bytes.capacity());
        }
    }
}
