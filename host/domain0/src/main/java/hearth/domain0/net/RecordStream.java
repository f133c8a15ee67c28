package hearth.domain0.net;

import java.nio.ByteBuffer;
import java.util.Optional;

/// Puts the records of one stream together again (RFC 5531, section 11), up to a length. One thread.
final class RecordStream {
    private static final int LAST = 1 << 31;

    private final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES);
    private final ByteBuffer record;
    private int fragmentLeft;
    private boolean last;
    private boolean excessive;

    RecordStream(int bytesMax) {
        record = ByteBuffer.allocate(bytesMax);
    }

    /// The next whole record in what is left of earlier bytes and `received`, which it takes; empty when there is none,
    /// and all of `received` is taken then, unless the record is too long.
    Optional<ByteBuffer> next(ByteBuffer received) {
        while (!excessive) {
            if (header.hasRemaining()) {
                while (header.hasRemaining() && received.hasRemaining()) {
                    header.put(received.get());
                }
                if (header.hasRemaining()) {
                    return Optional.empty();
                }
                fragmentLeft = header.getInt(0) & ~LAST;
                last = (header.getInt(0) & LAST) != 0;
                excessive = fragmentLeft > record.remaining();
                continue;
            }
            int length = Math.min(fragmentLeft, received.remaining());
            record.put(received.slice(received.position(), length));
            received.position(received.position() + length);
            fragmentLeft -= length;
            if (fragmentLeft > 0) {
                return Optional.empty();
            }
            header.clear();
            if (last) {
                ByteBuffer whole = ByteBuffer.allocate(record.position()).put(record.flip()).flip();
                record.clear();
                return Optional.of(whole);
            }
        }
        return Optional.empty();
    }

    /// A record was longer than it may be: nothing more can be made of the stream.
    boolean isExcessive() {
        return excessive;
    }

    /// A reply as one fragment.
    static ByteBuffer marked(ByteBuffer reply) {
        return ByteBuffer.allocate(Integer.BYTES + reply.remaining())
                .putInt(LAST | reply.remaining()).put(reply).flip();
    }
}
