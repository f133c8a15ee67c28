package hearth.memory.journal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

import hearth.base.Check;

/// Entries as bytes, in both directions. Any bytes are safe to decode.
public final class JournalCodec {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final JournalId id;

    /// Of one journal.
    public JournalCodec(JournalId id) {
        this.id = id;
    }

    /// An entry that parsed: `bodyLength` bytes of body stand right behind its header.
    public record Decoded(JournalEntry entry, long sequence, long durableSequence, int length, int bodyLength) {}

    /// Bytes of an entry with this body.
    public static int length(int bodyLength) {
        return JournalEntryLayout.SIZE + bodyLength + JournalEntryLayout.ALIGNMENT - 1 & -JournalEntryLayout.ALIGNMENT;
    }

    /// Writes the header at the start of `at`, in front of a body that already stands there; what is between the
    /// body's end and `length` becomes zero. `length` is more than needed only for a pad.
    public void encode(
            JournalEntry entry, long sequence, long durableSequence, int length, int bodyLength, MemorySegment at) {
        boolean pad = entry instanceof JournalEntry.Pad;
        Check.that(pad ? bodyLength == 0 : length == length(bodyLength), "journal entry's length", length, bodyLength);
        at.asSlice(0, JournalEntryLayout.SIZE).fill((byte) 0);
        at.set(INT, JournalEntryLayout.MAGIC_OFFSET, JournalEntryLayout.MAGIC_VALUE);
        at.set(LONG, JournalEntryLayout.SEQUENCE_OFFSET, sequence);
        at.set(LONG, JournalEntryLayout.DURABLE_SEQUENCE_OFFSET, durableSequence);
        at.set(INT, JournalEntryLayout.LENGTH_OFFSET, length);
        at.set(INT, JournalEntryLayout.BODY_LENGTH_OFFSET, bodyLength);
        switch (entry) {
            case JournalEntry.Record(long lsn, long seed) -> words(at, JournalEntryLayout.TYPE_RECORD, lsn, seed, 0);
            case JournalEntry.Incarnation(long reserved, long region) ->
                words(at, JournalEntryLayout.TYPE_INCARNATION, reserved, region, 0);
            case JournalEntry.Root(long generation, int crc, long lastLsn) ->
                words(at, JournalEntryLayout.TYPE_ROOT, generation, lastLsn, crc);
            case JournalEntry.Label(long number, long random) ->
                words(at, JournalEntryLayout.TYPE_LABEL, number, random, 0);
            case JournalEntry.Trim(long lsn) -> words(at, JournalEntryLayout.TYPE_TRIM, lsn, 0, 0);
            case JournalEntry.Pad() -> words(at, JournalEntryLayout.TYPE_PAD, 0, 0, 0);
        }
        if (!pad) {
            long end = JournalEntryLayout.SIZE + (long) bodyLength;
            at.asSlice(end, length - end).fill((byte) 0);
        }
        at.set(INT, JournalEntryLayout.CRC_OFFSET, crc(at, bodyLength));
    }

    private static void words(MemorySegment at, int type, long first, long second, int small) {
        at.set(INT, JournalEntryLayout.TYPE_OFFSET, type);
        at.set(LONG, JournalEntryLayout.FIRST_OFFSET, first);
        at.set(LONG, JournalEntryLayout.SECOND_OFFSET, second);
        at.set(INT, JournalEntryLayout.SMALL_OFFSET, small);
    }

    /// Judges what stands at the start of `at`, which reaches to the circle's end or to the end of what was read.
    /// Empty when it is not a whole entry of this journal.
    public Optional<Decoded> decode(MemorySegment at) {
        if (at.byteSize() < JournalEntryLayout.SIZE
                || at.get(INT, JournalEntryLayout.MAGIC_OFFSET) != JournalEntryLayout.MAGIC_VALUE) {
            return Optional.empty();
        }
        int length = at.get(INT, JournalEntryLayout.LENGTH_OFFSET);
        int bodyLength = at.get(INT, JournalEntryLayout.BODY_LENGTH_OFFSET);
        int type = at.get(INT, JournalEntryLayout.TYPE_OFFSET);
        boolean sane = bodyLength >= 0 && bodyLength <= at.byteSize() - JournalEntryLayout.SIZE
                && (type == JournalEntryLayout.TYPE_PAD
                        ? bodyLength == 0 && length >= JournalEntryLayout.SIZE
                                && length % JournalEntryLayout.ALIGNMENT == 0
                        : length == length(bodyLength) && length <= at.byteSize());
        if (!sane || at.get(INT, JournalEntryLayout.CRC_OFFSET) != crc(at, bodyLength)) {
            return Optional.empty();
        }
        long sequence = at.get(LONG, JournalEntryLayout.SEQUENCE_OFFSET);
        long durable = at.get(LONG, JournalEntryLayout.DURABLE_SEQUENCE_OFFSET);
        return entry(type, at).map(found -> new Decoded(found, sequence, durable, length, bodyLength));
    }

    private static Optional<JournalEntry> entry(int type, MemorySegment at) {
        long first = at.get(LONG, JournalEntryLayout.FIRST_OFFSET);
        long second = at.get(LONG, JournalEntryLayout.SECOND_OFFSET);
        int small = at.get(INT, JournalEntryLayout.SMALL_OFFSET);
        return switch (type) {
            case JournalEntryLayout.TYPE_RECORD -> Optional.of(new JournalEntry.Record(first, second));
            case JournalEntryLayout.TYPE_INCARNATION -> Optional.of(new JournalEntry.Incarnation(first, second));
            case JournalEntryLayout.TYPE_ROOT -> Optional.of(new JournalEntry.Root(first, small, second));
            case JournalEntryLayout.TYPE_LABEL -> Optional.of(new JournalEntry.Label(first, second));
            case JournalEntryLayout.TYPE_TRIM -> Optional.of(new JournalEntry.Trim(first));
            case JournalEntryLayout.TYPE_PAD -> Optional.of(new JournalEntry.Pad());
            default -> Optional.empty();
        };
    }

    private int crc(MemorySegment at, int bodyLength) {
        byte[] header = at.asSlice(0, JournalEntryLayout.SIZE).toArray(ValueLayout.JAVA_BYTE);
        Arrays.fill(header, JournalEntryLayout.CRC_OFFSET, JournalEntryLayout.CRC_OFFSET + 4, (byte) 0);
        byte[] seed = new byte[2 * Long.BYTES];
        MemorySegment.ofArray(seed).set(LONG, 0, id.high());
        MemorySegment.ofArray(seed).set(LONG, Long.BYTES, id.low());
        var crc = new CRC32C();
        crc.update(seed, 0, seed.length);
        crc.update(header, 0, header.length);
        if (bodyLength > 0) {
            crc.update(at.asSlice(JournalEntryLayout.SIZE, bodyLength).asByteBuffer());
        }
        return (int) crc.getValue();
    }
}
