package hearth.memory.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import hearth.memory.bell.Doorbell;
import hearth.memory.word.Words;

/// Domain 0's side. It believes nothing: positions are bounded, entries copied out before they are judged. `take` by
/// one thread; `complete` by any, it locks.
public final class RingBack {
    private final RingWords ring;
    private long head;
    private long completionTail;

    /// `file` is the whole rings file.
    public RingBack(MemorySegment file, RingPlan plan) {
        this.ring = new RingWords(file, plan);
        head = Words.loadLong(ring.words, RingLayout.SUBMISSION_HEAD_OFFSET);
        completionTail = Words.loadLong(ring.words, RingLayout.COMPLETION_TAIL_OFFSET);
    }

    /// What `take` found.
    public enum Taken {
        ENTRY,
        EMPTY,
        /// The guest's tail makes no sense: its ring is no longer served.
        NONSENSE
    }

    /// Copies the next entry into `entry`.
    public Taken take(Submission entry) {
        long tail = Words.loadLong(ring.words, RingLayout.SUBMISSION_TAIL_OFFSET);
        long waiting = tail - head;
        if (waiting == 0) {
            return Taken.EMPTY;
        }
        if (waiting < 0 || waiting > ring.entries) {
            return Taken.NONSENSE;
        }
        long at = ring.submissionAt(head);
        MemorySegment memory = ring.submissions;
        entry.op = memory.get(ValueLayout.JAVA_INT, at + SubmissionLayout.OP_OFFSET);
        entry.slot = memory.get(ValueLayout.JAVA_INT, at + SubmissionLayout.SLOT_OFFSET);
        entry.dbn = memory.get(ValueLayout.JAVA_LONG, at + SubmissionLayout.DBN_OFFSET);
        entry.blocks = memory.get(ValueLayout.JAVA_INT, at + SubmissionLayout.BLOCKS_OFFSET);
        entry.file = memory.get(ValueLayout.JAVA_INT, at + SubmissionLayout.FILE_OFFSET);
        entry.memoryOffset = memory.get(ValueLayout.JAVA_LONG, at + SubmissionLayout.MEMORY_OFFSET);
        entry.epoch = memory.get(ValueLayout.JAVA_LONG, at + SubmissionLayout.EPOCH_OFFSET);
        entry.tag = memory.get(ValueLayout.JAVA_LONG, at + SubmissionLayout.TAG_OFFSET);
        entry.section = memory.get(ValueLayout.JAVA_INT, at + SubmissionLayout.SECTION_OFFSET);
        entry.flags = memory.get(ValueLayout.JAVA_INT, at + SubmissionLayout.FLAGS_OFFSET);
        head++;
        Words.storeLong(ring.words, RingLayout.SUBMISSION_HEAD_OFFSET, head);
        return Taken.ENTRY;
    }

    /// Delivers one completion; false when there is no room, which an honest guest never lets happen: the caller drops
    /// it. Not visible to a sleeping guest until `ring`.
    public synchronized boolean complete(long tag, long epoch, DiskStatus status, int errno, int bytes) {
        long taken = Words.loadLong(ring.words, RingLayout.COMPLETION_HEAD_OFFSET);
        long waiting = completionTail - taken;
        if (waiting < 0 || waiting >= ring.entries) {
            return false;
        }
        long at = ring.completionAt(completionTail);
        ring.completions.set(ValueLayout.JAVA_LONG, at + CompletionLayout.TAG_OFFSET, tag);
        ring.completions.set(ValueLayout.JAVA_LONG, at + CompletionLayout.EPOCH_OFFSET, epoch);
        ring.completions.set(ValueLayout.JAVA_INT, at + CompletionLayout.STATUS_OFFSET, status.ordinal());
        ring.completions.set(ValueLayout.JAVA_INT, at + CompletionLayout.ERRNO_OFFSET, errno);
        ring.completions.set(ValueLayout.JAVA_INT, at + CompletionLayout.BYTES_OFFSET, bytes);
        completionTail++;
        // Release, and last.
        Words.storeLong(ring.words, RingLayout.COMPLETION_TAIL_OFFSET, completionTail);
        return true;
    }

    /// Tells the guest that completions wait; once per batch.
    public void ring() {
        ring.completionBell.ring();
    }

    /// The bell that rings for submissions.
    public Doorbell submissionBell() {
        return ring.submissionBell;
    }

    /// Part of the fence: no guest is alive and nobody takes. Empties both rings. The bells' sequences go on and this
    /// side's waiter flag stays: a thread of ours may be asleep at the bell, and the next guest's ring must wake it.
    public synchronized void reset() {
        Words.storeLong(ring.words, RingLayout.SUBMISSION_TAIL_OFFSET, 0);
        Words.storeLong(ring.words, RingLayout.SUBMISSION_HEAD_OFFSET, 0);
        Words.storeLong(ring.words, RingLayout.COMPLETION_TAIL_OFFSET, 0);
        Words.storeLong(ring.words, RingLayout.COMPLETION_HEAD_OFFSET, 0);
        Words.storeInt(ring.words, RingLayout.COMPLETION_WAITER_OFFSET, 0);
        head = 0;
        completionTail = 0;
    }
}
