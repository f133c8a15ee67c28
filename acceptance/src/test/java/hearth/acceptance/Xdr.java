package hearth.acceptance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The little of RFC 4506 that a client of the tests writes, and of what it reads.
final class Xdr {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Xdr i(int value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        return this;
    }

    Xdr l(long value) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    Xdr raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    Xdr opaque(byte[] value) {
        return i(value.length).raw(value).raw(new byte[-value.length & 3]);
    }

    Xdr s(String value) {
        return opaque(value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    static byte[] opaque(ByteBuffer in) {
        byte[] value = new byte[in.getInt()];
        in.get(value);
        in.position(in.position() + (-value.length & 3));
        return value;
    }

    static byte[] raw(ByteBuffer in, int length) {
        byte[] value = new byte[length];
        in.get(value);
        return value;
    }
}
