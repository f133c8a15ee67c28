package hearth.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// An input read as fields, little-endian; zeros where it has ended, so that every input means something.
final class Input {
    private final ByteBuffer bytes;

    Input(byte[] input) {
        bytes = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean hasMore() {
        return bytes.hasRemaining();
    }

    int byte1() {
        return bytes.hasRemaining() ? Byte.toUnsignedInt(bytes.get()) : 0;
    }

    int short2() {
        return byte1() | byte1() << Byte.SIZE;
    }

    int int4() {
        return short2() | short2() << Short.SIZE;
    }

    long long8() {
        return Integer.toUnsignedLong(int4()) | (long) int4() << Integer.SIZE;
    }

    byte[] rest() {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    /// The first `length` bytes of `bytes` from `from` on, with zeros behind its end.
    static byte[] padded(byte[] bytes, int from, int to, int length) {
        return Arrays.copyOf(Arrays.copyOfRange(bytes, from, Math.min(to, from + length)), length);
    }

    /// Fields in the order in which `Input` reads them.
    static final class Writer {
        private final ByteBuffer to = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

        Writer byte1(int value) {
            to.put((byte) value);
            return this;
        }

        Writer short2(int value) {
            to.putShort((short) value);
            return this;
        }

        Writer int4(int value) {
            to.putInt(value);
            return this;
        }

        Writer long8(long value) {
            to.putLong(value);
            return this;
        }

        Writer bytes(byte[] value) {
            to.put(value);
            return this;
        }

        byte[] done() {
            return Arrays.copyOf(to.array(), to.position());
        }
    }
}
