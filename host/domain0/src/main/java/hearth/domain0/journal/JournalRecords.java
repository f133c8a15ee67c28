package hearth.domain0.journal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

import hearth.memory.journal.JournalEntry;

/// The journal's records one by one, as they were appended.
public final class JournalRecords implements AutoCloseable {
    private final JournalCursor cursor;
    private final long endSequence;

    JournalRecords(JournalCursor cursor, long endSequence) {
        this.cursor = cursor;
        this.endSequence = endSequence;
    }

    /// A record: its number, the seed of its CRC, its bytes (valid until the next one is read).
    public record Found(long lsn, long seed, MemorySegment bytes) {}

    /// The next record; empty at the end.
    public Optional<Found> next() throws IOException {
        while (cursor.sequence() < endSequence) {
            Optional<JournalCursor.Step> step = cursor.next();
            if (step.isEmpty()) {
                throw new IOException("a journal entry vanished");
            }
            if (step.get().decoded().entry() instanceof JournalEntry.Record(long lsn, long seed)) {
                return Optional.of(new Found(lsn, seed, step.get().body()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        cursor.close();
    }
}
