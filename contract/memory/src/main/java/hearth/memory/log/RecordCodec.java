package hearth.memory.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

import hearth.base.Check;

/// Header and body of a record as bytes, in both directions. The same record can be built for another region by
/// encoding its header and body again with that region's seed.
public final class RecordCodec {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private RecordCodec() {}

    /// Outcome of judging a copy.
    public sealed interface Parsed {
        record Good(RecordHeader header) implements Parsed {}

        record Bad(String why) implements Parsed {}
    }

    /// Bytes from the record's start to its payload.
    public static int payloadOffset(int bodyLength) {
        return roundUp(RecordLayout.HEADER_BYTES + bodyLength);
    }

    /// Bytes of a whole record.
    public static int length(int bodyLength, int payloadLength) {
        return roundUp(payloadOffset(bodyLength) + payloadLength);
    }

    /// Header, commit word 0, in front of the body that already stands in `image` from byte 128 on. The lengths of
    /// `header` are within the limits of [RecordLayout], or it is a bug.
    public static void encode(RecordHeader header, byte[] image, long seed) {
        checkLengths(header);
        Arrays.fill(image, 0, RecordLayout.HEADER_BYTES, (byte) 0);
        LONGS.set(image, RecordLayout.LSN_OFFSET, header.lsn());
        INTS.set(image, RecordLayout.LENGTH_OFFSET, header.length());
        LONGS.set(image, RecordLayout.INCARNATION_OFFSET, header.incarnation());
        LONGS.set(image, RecordLayout.CP_GENERATION_OFFSET, header.cpGeneration());
        SHORTS.set(image, RecordLayout.TYPE_OFFSET, header.type());
        SHORTS.set(image, RecordLayout.FLAGS_OFFSET, header.flags());
        INTS.set(image, RecordLayout.BODY_LENGTH_OFFSET, header.bodyLength());
        INTS.set(image, RecordLayout.PAYLOAD_OFFSET_OFFSET, header.payloadOffset());
        INTS.set(image, RecordLayout.PAYLOAD_LENGTH_OFFSET, header.payloadLength());
        SHORTS.set(image, RecordLayout.REPLY_LENGTH_OFFSET, (short) header.replyLength());
        CallIdentity call = header.call();
        SHORTS.set(image, RecordLayout.ADDRESS_LENGTH_OFFSET, (short) call.addressLength());
        LONGS.set(image, RecordLayout.CLIENT_HIGH_OFFSET, call.clientHigh());
        LONGS.set(image, RecordLayout.CLIENT_LOW_OFFSET, call.clientLow());
        LONGS.set(image, RecordLayout.CALL_CHECKSUM_OFFSET, call.callChecksum());
        INTS.set(image, RecordLayout.XID_OFFSET, call.xid());
        int crc = crc(image, header.bodyLength(), header.lsn(), header.incarnation(), seed);
        INTS.set(image, RecordLayout.ATTEMPTS_OFFSET, header.attempts());
        INTS.set(image, RecordLayout.CRC_OFFSET, crc);
    }

    /// The body length that a copied header claims, if all its lengths agree and the record would end within
    /// `roomBytes`. The rest of the header is not judged yet.
    public static Optional<RecordHeader> peek(byte[] header, long roomBytes) {
        RecordHeader found = read(header);
        boolean sane = found.bodyLength() >= 0 && found.bodyLength() <= RecordLayout.BODY_BYTES_MAX
            && found.payloadLength() >= 0 && found.payloadLength() <= RecordLayout.PAYLOAD_BYTES_MAX
            && found.replyLength() >= 0 && found.replyLength() <= RecordLayout.REPLY_BYTES_MAX
            && found.replyLength() <= found.bodyLength()
            && (int) INTS.get(header, RecordLayout.PAYLOAD_OFFSET_OFFSET) == found.payloadOffset()
            && (int) INTS.get(header, RecordLayout.LENGTH_OFFSET) == found.length()
            && found.length() <= roomBytes;
        return sane ? Optional.of(found) : Optional.empty();
    }

    /// Judges a copy of header and body. Any bytes are safe; the array stays as it is.
    public static Parsed parse(byte[] image, long expectedLsn, long seed) {
        if (image.length < RecordLayout.HEADER_BYTES) {
            return new Parsed.Bad("shorter than a header");
        }
        var peeked = peek(image, Long.MAX_VALUE);
        if (peeked.isEmpty()) {
            return new Parsed.Bad("lengths");
        }
        RecordHeader header = peeked.get();
        if (image.length < RecordLayout.HEADER_BYTES + header.bodyLength()) {
            return new Parsed.Bad("shorter than its body");
        }
        if (header.lsn() != expectedLsn) {
            return new Parsed.Bad("lsn " + header.lsn());
        }
        if ((long) LONGS.get(image, RecordLayout.COMMIT_OFFSET) != expectedLsn) {
            return new Parsed.Bad("not committed");
        }
        int addressLength = header.call().addressLength();
        if (addressLength != 0 && addressLength != 4 && addressLength != 16) {
            return new Parsed.Bad("address length");
        }
        int expected = (int) INTS.get(image, RecordLayout.CRC_OFFSET);
        if (crc(image, header.bodyLength(), expectedLsn, header.incarnation(), seed) != expected) {
            return new Parsed.Bad("crc");
        }
        return new Parsed.Good(header);
    }

    private static RecordHeader read(byte[] image) {
        var call = new CallIdentity(
                (long) LONGS.get(image, RecordLayout.CLIENT_HIGH_OFFSET),
                (long) LONGS.get(image, RecordLayout.CLIENT_LOW_OFFSET),
                (short) SHORTS.get(image, RecordLayout.ADDRESS_LENGTH_OFFSET),
                (int) INTS.get(image, RecordLayout.XID_OFFSET),
                (long) LONGS.get(image, RecordLayout.CALL_CHECKSUM_OFFSET));
        return new RecordHeader(
                (long) LONGS.get(image, RecordLayout.LSN_OFFSET),
                (long) LONGS.get(image, RecordLayout.INCARNATION_OFFSET),
                (long) LONGS.get(image, RecordLayout.CP_GENERATION_OFFSET),
                (short) SHORTS.get(image, RecordLayout.TYPE_OFFSET),
                (short) SHORTS.get(image, RecordLayout.FLAGS_OFFSET),
                (int) INTS.get(image, RecordLayout.ATTEMPTS_OFFSET),
                (int) INTS.get(image, RecordLayout.BODY_LENGTH_OFFSET),
                (int) INTS.get(image, RecordLayout.PAYLOAD_LENGTH_OFFSET),
                (short) SHORTS.get(image, RecordLayout.REPLY_LENGTH_OFFSET),
                call);
    }

    /// Over seed, LSN, incarnation, then the image with commit word, CRC and attempts skipped.
    private static int crc(byte[] image, int bodyLength, long lsn, long incarnation, long seed) {
        byte[] prefix = new byte[3 * Long.BYTES];
        LONGS.set(prefix, 0, seed);
        LONGS.set(prefix, Long.BYTES, lsn);
        LONGS.set(prefix, 2 * Long.BYTES, incarnation);
        var crc = new CRC32C();
        crc.update(prefix, 0, prefix.length);
        crc.update(image, RecordLayout.LSN_OFFSET, RecordLayout.CRC_OFFSET - RecordLayout.LSN_OFFSET);
        crc.update(image, RecordLayout.INCARNATION_OFFSET,
                RecordLayout.ATTEMPTS_OFFSET - RecordLayout.INCARNATION_OFFSET);
        int rest = RecordLayout.BODY_LENGTH_OFFSET;
        crc.update(image, rest, RecordLayout.HEADER_BYTES + bodyLength - rest);
        return (int) crc.getValue();
    }

    private static void checkLengths(RecordHeader header) {
        Check.that(header.bodyLength() >= 0 && header.bodyLength() <= RecordLayout.BODY_BYTES_MAX,
                "record body is too long", header.bodyLength());
        Check.that(header.payloadLength() >= 0 && header.payloadLength() <= RecordLayout.PAYLOAD_BYTES_MAX,
                "record payload is too long", header.payloadLength());
        Check.that(header.replyLength() >= 0 && header.replyLength() <= RecordLayout.REPLY_BYTES_MAX
                && header.replyLength() <= header.bodyLength(), "reply is too long", header.replyLength());
    }

    private static int roundUp(int value) {
        return value + RecordLayout.ALIGNMENT - 1 & -RecordLayout.ALIGNMENT;
    }
}
