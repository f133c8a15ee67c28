package hearth.domain0.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

import hearth.memory.log.LogArea;
import hearth.memory.log.LogLoader;
import hearth.memory.log.RecordCodec;
import hearth.memory.log.RecordLayout;

/// After the host's death: the journal's records go into a fresh region's log, before any incarnation exists.
public final class LogRestore {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private LogRestore() {}

    /// Fills the area of a new region: with nothing when the durable root has all. Refused when the records do not
    /// follow each other or do not fit.
    public static LogLoader.Loaded restore(Journal journal, LogArea area) throws IOException {
        long durableLsn = Math.max(journal.summary().trimmedLsn(), journal.summary().root().lastLsn());
        long seed = journal.summary().regionInstance();
        try (JournalRecords records = journal.records()) {
            return new LogLoader(area).load(durableLsn, new Records(records, durableLsn, seed), seed);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Makes a record of one region good for another. One that does not parse is left as it is: whoever takes it
    /// refuses it.
    static void reseed(byte[] record, long lsn, long from, long to) {
        if (from != to && RecordCodec.parse(record, lsn, from) instanceof RecordCodec.Parsed.Good(var header)) {
            RecordCodec.encode(header, record, to);
            MemorySegment.ofArray(record).set(LONG, RecordLayout.COMMIT_OFFSET, lsn);
        }
    }

    /// Records behind the durable ones, all with one seed: some may have come from a region before the last one.
    private static final class Records implements Iterator<MemorySegment> {
        private final JournalRecords records;
        private final long durableLsn;
        private final long seed;
        private Optional<JournalRecords.Found> next;

        Records(JournalRecords records, long durableLsn, long seed) throws IOException {
            this.records = records;
            this.durableLsn = durableLsn;
            this.seed = seed;
            next = advance();
        }

        private Optional<JournalRecords.Found> advance() throws IOException {
            Optional<JournalRecords.Found> found = records.next();
            while (found.isPresent() && found.get().lsn() <= durableLsn) {
                found = records.next();
            }
            return found;
        }

        @Override
        public boolean hasNext() {
            return next.isPresent();
        }

        @Override
        public MemorySegment next() {
            JournalRecords.Found found = next.orElseThrow(NoSuchElementException::new);
            // The bytes are valid until the records are advanced: copied before.
            byte[] bytes = found.bytes().toArray(ValueLayout.JAVA_BYTE);
            try {
                next = advance();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            reseed(bytes, found.lsn(), found.seed(), seed);
            return MemorySegment.ofArray(bytes);
        }
    }
}
