package hearth.domain0.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

import hearth.memory.journal.JournalEntry;
import hearth.memory.journal.JournalHeader;
import hearth.memory.journal.JournalSummary;

/// What the circle's live entries add up to, and where it may be cut. Grows with each append, in memory only.
final class JournalContent {
    /// Cuts are remembered at this distance: enough to trim by, few enough to keep.
    private static final long CUT_DISTANCE_BYTES = 64 * 1024;

    private JournalSummary summary;
    private long endOffset;
    private long endSequence;
    private long lastLsn;
    private long bytesSinceCut;
    private final Deque<Cut> cuts = new ArrayDeque<>();

    /// A place where the tail may stand once all records up to `lsnBefore` are trimmed.
    record Cut(long offset, long sequence, long lsnBefore) {}

    /// The circle before its first live entry.
    JournalContent(JournalHeader header) {
        summary = header.summary();
        endOffset = header.tailOffset();
        endSequence = header.tailSequence();
        lastLsn = summary.trimmedLsn();
    }

    /// Takes up all entries from the tail to the end.
    void walk(JournalCursor cursor) throws IOException {
        Optional<JournalCursor.Step> step = cursor.next();
        while (step.isPresent()) {
            added(step.get().decoded().entry(), step.get().offset(), step.get().decoded().length());
            endOffset = cursor.offset();
            step = cursor.next();
        }
        endSequence = cursor.sequence();
    }

    /// One more entry, at `offset`; the next one stands at `setEnd`.
    void added(JournalEntry entry, long offset, int length) {
        if (cuts.isEmpty() || bytesSinceCut >= CUT_DISTANCE_BYTES) {
            cuts.addLast(new Cut(offset, endSequence, lastLsn));
            bytesSinceCut = 0;
        }
        bytesSinceCut += length;
        endSequence++;
        include(entry);
        if (entry instanceof JournalEntry.Record(long lsn, long _)) {
            lastLsn = Math.max(lastLsn, lsn);
        }
    }

    void include(JournalEntry entry) {
        summary = summary.with(entry);
    }

    void setEnd(long offset) {
        endOffset = offset;
    }

    /// The furthest place where the tail may stand when records up to the summary's trimmed LSN are not needed.
    Cut tail() {
        long trimmed = summary.trimmedLsn();
        if (lastLsn <= trimmed) {
            return new Cut(endOffset, endSequence, lastLsn);
        }
        Cut tail = cuts.getFirst();
        for (Cut cut : cuts) {
            if (cut.lsnBefore() > trimmed) {
                break;
            }
            tail = cut;
        }
        return tail;
    }

    /// The tail was moved durably: forgets the cuts before it.
    void cutAt(Cut tail) {
        while (!cuts.isEmpty() && cuts.getFirst().sequence() < tail.sequence()) {
            cuts.removeFirst();
        }
        bytesSinceCut = cuts.isEmpty() ? 0 : bytesSinceCut;
    }

    JournalSummary summary() {
        return summary;
    }

    long endOffset() {
        return endOffset;
    }

    long endSequence() {
        return endSequence;
    }

    /// The highest LSN of a record here, or trimmed from here.
    long lastLsn() {
        return lastLsn;
    }
}
