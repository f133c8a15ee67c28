package hearth.memory.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

import hearth.base.Check;

/// What a header slot says: where the circle's oldest entry stands, and the sum of all entries before it.
///
/// @param generation counts header writes
/// @param id this journal and no other
/// @param domain name of the domain, at most 64 bytes of UTF-8
/// @param aggregateId whose log it is
/// @param sizeBytes of each file
/// @param tailOffset place of the oldest entry, or of the next one when there is none
/// @param tailSequence its sequence number
/// @param summary what entries before the tail said
public record JournalHeader(
        long generation,
        JournalId id,
        String domain,
        long aggregateId,
        long sizeBytes,
        long tailOffset,
        long tailSequence,
        JournalSummary summary) {

    /// Outcome of judging a copy of a slot.
    public sealed interface Decoded {
        record Good(JournalHeader header) implements Decoded {}

        /// Written by a later version of this program.
        record TooNew(int version) implements Decoded {}

        /// Never written, torn or damaged.
        record Corrupt(String why) implements Decoded {}
    }

    /// The slot's bytes.
    public byte[] encode() {
        byte[] name = domain.getBytes(StandardCharsets.UTF_8);
        Check.that(name.length <= JournalHeaderLayout.DOMAIN_SIZE, "domain name is too long", name.length);
        var slot = ByteBuffer.allocate(JournalHeaderLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        slot.putLong(JournalHeaderLayout.MAGIC_OFFSET, JournalHeaderLayout.MAGIC_VALUE);
        slot.putInt(JournalHeaderLayout.VERSION_OFFSET, JournalHeaderLayout.VERSION_VALUE);
        slot.putLong(JournalHeaderLayout.GENERATION_OFFSET, generation);
        slot.putLong(JournalHeaderLayout.JOURNAL_ID_HIGH_OFFSET, id.high());
        slot.putLong(JournalHeaderLayout.JOURNAL_ID_LOW_OFFSET, id.low());
        slot.putLong(JournalHeaderLayout.AGGREGATE_ID_OFFSET, aggregateId);
        slot.putLong(JournalHeaderLayout.SIZE_BYTES_OFFSET, sizeBytes);
        slot.putLong(JournalHeaderLayout.TAIL_OFFSET_OFFSET, tailOffset);
        slot.putLong(JournalHeaderLayout.TAIL_SEQUENCE_OFFSET, tailSequence);
        slot.putLong(JournalHeaderLayout.TRIMMED_LSN_OFFSET, summary.trimmedLsn());
        slot.putLong(JournalHeaderLayout.INCARNATIONS_RESERVED_OFFSET, summary.incarnationsReserved());
        slot.putLong(JournalHeaderLayout.REGION_INSTANCE_OFFSET, summary.regionInstance());
        slot.putLong(JournalHeaderLayout.ROOT_GENERATION_OFFSET, summary.root().generation());
        slot.putLong(JournalHeaderLayout.ROOT_LAST_LSN_OFFSET, summary.root().lastLsn());
        slot.putInt(JournalHeaderLayout.ROOT_CRC_OFFSET, summary.root().crc());
        slot.putLong(JournalHeaderLayout.LABEL_NUMBER_OFFSET, summary.label().number());
        slot.putLong(JournalHeaderLayout.LABEL_ID_OFFSET, summary.label().id());
        slot.putInt(JournalHeaderLayout.DOMAIN_LENGTH_OFFSET, name.length);
        slot.put(JournalHeaderLayout.DOMAIN_OFFSET, name);
        slot.putInt(JournalHeaderLayout.CRC_OFFSET, crc(slot.array()));
        return slot.array();
    }

    /// Judges 4 KiB that were copied from a slot.
    public static Decoded decode(byte[] bytes) {
        Check.that(bytes.length == JournalHeaderLayout.SIZE, "a header slot is one block", bytes.length);
        var slot = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        if (slot.getLong(JournalHeaderLayout.MAGIC_OFFSET) != JournalHeaderLayout.MAGIC_VALUE) {
            return new Decoded.Corrupt("no journal magic");
        }
        int stored = slot.getInt(JournalHeaderLayout.CRC_OFFSET);
        slot.putInt(JournalHeaderLayout.CRC_OFFSET, 0);
        if (crc(slot.array()) != stored) {
            return new Decoded.Corrupt("header checksum");
        }
        int version = slot.getInt(JournalHeaderLayout.VERSION_OFFSET);
        if (version > JournalHeaderLayout.VERSION_VALUE) {
            return new Decoded.TooNew(version);
        }
        int nameLength = slot.getInt(JournalHeaderLayout.DOMAIN_LENGTH_OFFSET);
        long size = slot.getLong(JournalHeaderLayout.SIZE_BYTES_OFFSET);
        long tail = slot.getLong(JournalHeaderLayout.TAIL_OFFSET_OFFSET);
        boolean sane = version == JournalHeaderLayout.VERSION_VALUE
                && nameLength >= 0 && nameLength <= JournalHeaderLayout.DOMAIN_SIZE
                && size > JournalLayout.ENTRIES_OFFSET && size % JournalEntryLayout.ALIGNMENT == 0
                && tail >= JournalLayout.ENTRIES_OFFSET && tail < size && tail % JournalEntryLayout.ALIGNMENT == 0;
        if (!sane) {
            return new Decoded.Corrupt("header fields");
        }
        Optional<String> domain = text(slot.slice(JournalHeaderLayout.DOMAIN_OFFSET, nameLength));
        if (domain.isEmpty()) {
            return new Decoded.Corrupt("domain name");
        }
        return new Decoded.Good(new JournalHeader(
                slot.getLong(JournalHeaderLayout.GENERATION_OFFSET),
                new JournalId(slot.getLong(JournalHeaderLayout.JOURNAL_ID_HIGH_OFFSET),
                        slot.getLong(JournalHeaderLayout.JOURNAL_ID_LOW_OFFSET)),
                domain.get(),
                slot.getLong(JournalHeaderLayout.AGGREGATE_ID_OFFSET),
                size,
                tail,
                slot.getLong(JournalHeaderLayout.TAIL_SEQUENCE_OFFSET),
                summary(slot)));
    }

    /// Empty when the bytes are no UTF-8: replaced characters could not be written again in as many bytes.
    private static Optional<String> text(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static JournalSummary summary(ByteBuffer slot) {
        return new JournalSummary(
                slot.getLong(JournalHeaderLayout.TRIMMED_LSN_OFFSET),
                slot.getLong(JournalHeaderLayout.INCARNATIONS_RESERVED_OFFSET),
                slot.getLong(JournalHeaderLayout.REGION_INSTANCE_OFFSET),
                new JournalEntry.Root(slot.getLong(JournalHeaderLayout.ROOT_GENERATION_OFFSET),
                        slot.getInt(JournalHeaderLayout.ROOT_CRC_OFFSET),
                        slot.getLong(JournalHeaderLayout.ROOT_LAST_LSN_OFFSET)),
                new JournalEntry.Label(slot.getLong(JournalHeaderLayout.LABEL_NUMBER_OFFSET),
                        slot.getLong(JournalHeaderLayout.LABEL_ID_OFFSET)));
    }

    private static int crc(byte[] block) {
        var crc = new CRC32C();
        crc.update(block, 0, block.length);
        return (int) crc.getValue();
    }
}
