package hearth.system.rehearsal;

import java.nio.ByteBuffer;
import java.util.Arrays;

import hearth.base.Check;

/// The little of RFC 4506 that a rehearsing client writes and reads.
final class Xdr {
    private final ByteBuffer bytes;

    /// For writing, with room for `sizeBytes`.
    Xdr(int sizeBytes) {
        bytes = ByteBuffer.allocate(sizeBytes);
    }

    /// For reading.
    Xdr(byte[] from) {
        bytes = ByteBuffer.wrap(from);
    }

    Xdr putInt(int value) {
        bytes.putInt(value);
        return this;
    }

    Xdr putLong(long value) {
        bytes.putLong(value);
        return this;
    }

    Xdr putOpaque(byte[] value) {
        bytes.putInt(value.length).put(value);
        while (bytes.position() % Integer.BYTES != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    byte[] written() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    int getInt() {
        return bytes.getInt();
    }

    long getLong() {
        return bytes.getLong();
    }

    byte[] getOpaque() {
        int length = bytes.getInt();
        Check.that(length >= 0 && length <= bytes.remaining(), "length of opaque data", length);
        byte[] value = new byte[length];
        bytes.get(value);
        skip(-length & Integer.BYTES - 1);
        return value;
    }

    Xdr skip(int count) {
        bytes.position(bytes.position() + count);
        return this;
    }
}
