package hearth.fuzz;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

import hearth.memory.journal.JournalCodec;
import hearth.memory.journal.JournalCodec.Decoded;
import hearth.memory.journal.JournalEntry;
import hearth.memory.journal.JournalEntryLayout;
import hearth.memory.journal.JournalHeader;
import hearth.memory.journal.JournalHeaderLayout;
import hearth.memory.journal.JournalId;
import hearth.memory.journal.JournalSummary;

/// A journal file: an entry after the other as far as they parse, and a header slot; as found, and with their
/// checksums put right. What decodes encodes to something that decodes to the same.
final class JournalTarget implements Target {
    private static final JournalId ID = new JournalId(1, 2);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int HEADER_BYTES = 256;

    private final JournalCodec codec = new JournalCodec(ID);

    @Override
    public void accept(byte[] input) {
        walk(MemorySegment.ofArray(input.clone()), false);
        walk(MemorySegment.ofArray(input.clone()), true);
        byte[] slot = Input.padded(input, 0, input.length, JournalHeaderLayout.SIZE);
        header(slot);
        repairHeader(slot);
        header(slot);
    }

    private void walk(MemorySegment circle, boolean repaired) {
        var summary = JournalSummary.EMPTY;
        long at = 0;
        while (at <= circle.byteSize()) {
            MemorySegment here = circle.asSlice(at);
            if (repaired) {
                repairEntry(here);
            }
            Optional<Decoded> found = codec.decode(here);
            if (found.isEmpty()) {
                return;
            }
            judge(found.get(), here);
            summary = summary.with(found.get().entry());
            at += found.get().length();
        }
    }

    private void judge(Decoded decoded, MemorySegment here) {
        Property.holds(decoded.length() >= JournalEntryLayout.SIZE
                && decoded.length() % JournalEntryLayout.ALIGNMENT == 0, "an entry of " + decoded.length() + " bytes");
        boolean pad = decoded.entry() instanceof JournalEntry.Pad;
        Property.holds(pad || decoded.length() <= here.byteSize(), "an entry reaches beyond the circle");
        MemorySegment copy = MemorySegment.ofArray(new byte[pad ? JournalEntryLayout.SIZE : decoded.length()]);
        MemorySegment.copy(here, 0, copy, 0, JournalEntryLayout.SIZE + (long) decoded.bodyLength());
        codec.encode(decoded.entry(), decoded.sequence(), decoded.durableSequence(), decoded.length(),
                decoded.bodyLength(), copy);
        Property.holds(codec.decode(copy).equals(Optional.of(decoded)), "an entry changes when it is written again");
    }

    private static void repairEntry(MemorySegment at) {
        if (at.byteSize() < JournalEntryLayout.SIZE) {
            return;
        }
        int body = at.get(INT, JournalEntryLayout.BODY_LENGTH_OFFSET);
        if (body < 0 || body > at.byteSize() - JournalEntryLayout.SIZE) {
            return;
        }
        at.set(INT, JournalEntryLayout.CRC_OFFSET, 0);
        var seed = MemorySegment.ofArray(new byte[2 * Long.BYTES]);
        seed.set(LONG, 0, ID.high());
        seed.set(LONG, Long.BYTES, ID.low());
        var crc = new CRC32C();
        crc.update(seed.asByteBuffer());
        crc.update(at.asSlice(0, JournalEntryLayout.SIZE + (long) body).asByteBuffer());
        at.set(INT, JournalEntryLayout.CRC_OFFSET, (int) crc.getValue());
    }

    private static void header(byte[] slot) {
        if (JournalHeader.decode(slot) instanceof JournalHeader.Decoded.Good(JournalHeader header)) {
            Property.holds(header.tailOffset() < header.sizeBytes(), "a tail beyond the file");
            byte[] again = header.encode();
            Property.holds(JournalHeader.decode(again).equals(new JournalHeader.Decoded.Good(header)),
                    "a header changes when it is written again");
        }
    }

    private static void repairHeader(byte[] slot) {
        var to = MemorySegment.ofArray(slot);
        to.set(INT, JournalHeaderLayout.CRC_OFFSET, 0);
        var crc = new CRC32C();
        crc.update(slot);
        to.set(INT, JournalHeaderLayout.CRC_OFFSET, (int) crc.getValue());
    }

    /// Goes on by whatever length a pad has.
    @Override
    public void acceptPlanted(byte[] input) {
        var circle = MemorySegment.ofArray(input.clone());
        if (circle.byteSize() < JournalEntryLayout.SIZE
                || circle.get(INT, JournalEntryLayout.MAGIC_OFFSET) != JournalEntryLayout.MAGIC_VALUE
                || circle.get(INT, JournalEntryLayout.BODY_LENGTH_OFFSET) != 0) {
            return;
        }
        if (circle.get(INT, JournalEntryLayout.TYPE_OFFSET) == JournalEntryLayout.TYPE_PAD
                && circle.get(INT, JournalEntryLayout.LENGTH_OFFSET) == 0) {
            throw new PlantedBug("a walk that stays where it is");
        }
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (JournalEntry entry : List.of(
                new JournalEntry.Record(5, 6),
                new JournalEntry.Incarnation(9, 8),
                new JournalEntry.Root(3, 4, 5),
                new JournalEntry.Label(1, 2),
                new JournalEntry.Trim(4),
                new JournalEntry.Pad())) {
            int body = entry instanceof JournalEntry.Record ? 100 : 0;
            byte[] bytes = new byte[JournalCodec.length(body) + JournalEntryLayout.SIZE];
            codec.encode(entry, 7, 6, JournalCodec.length(body), body, MemorySegment.ofArray(bytes));
            seeds.add(bytes);
        }
        var header = new JournalHeader(2, ID, "a", 77, 1 << 20, 8192, 3, JournalSummary.EMPTY);
        seeds.add(Input.padded(header.encode(), 0, HEADER_BYTES, HEADER_BYTES));
        return seeds;
    }
}
