package hearth.memory.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import hearth.base.Check;
import hearth.base.Units;
import hearth.memory.bell.Doorbell;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.word.Words;

/// The guest's side. `submit` under the caller's lock, from any thread; completions are taken by one thread. The
/// caller keeps at most `entries` requests outstanding, so domain 0 always finds room for a completion.
public final class RingFront {
    private final RingWords ring;
    private final RingPlan plan;
    private long tail;
    private long completionHead;

    /// Attaches to rings that domain 0 has reset for this guest. `file` is the whole rings file.
    public RingFront(MemorySegment file, RingPlan plan) {
        this.ring = new RingWords(file, plan);
        this.plan = plan;
        tail = Words.loadLong(ring.words, RingLayout.SUBMISSION_TAIL_OFFSET);
        completionHead = Words.loadLong(ring.words, RingLayout.COMPLETION_HEAD_OFFSET);
    }

    /// Takes completions.
    @FunctionalInterface
    public interface Completions {
        void completed(long tag, long epoch, DiskStatus status, int errno, int bytes);
    }

    public int entries() {
        return ring.entries;
    }

    public int stagingSlots() {
        return plan.stagingSlots();
    }

    /// Offset of a staging slot in the rings file, as ring entries name it.
    public long stagingOffset(int slot) {
        return plan.stagingOffset() + (long) slot * Units.BLOCK_SIZE;
    }

    /// Memory of staging slots, for copying bytes in before a write or out after a read.
    public MemorySegment staging(int slot, int slots) {
        return ring.staging.asSlice((long) slot * Units.BLOCK_SIZE, (long) slots * Units.BLOCK_SIZE);
    }

    /// Adds one entry; false when the ring is full. Not visible to a sleeping back-end until `ring`.
    public boolean submit(Submission entry) {
        if (tail - Words.loadLong(ring.words, RingLayout.SUBMISSION_HEAD_OFFSET) >= ring.entries) {
            return false;
        }
        long at = ring.submissionAt(tail);
        MemorySegment memory = ring.submissions;
        memory.set(ValueLayout.JAVA_INT, at + SubmissionLayout.OP_OFFSET, entry.op);
        memory.set(ValueLayout.JAVA_INT, at + SubmissionLayout.SLOT_OFFSET, entry.slot);
        memory.set(ValueLayout.JAVA_LONG, at + SubmissionLayout.DBN_OFFSET, entry.dbn);
        memory.set(ValueLayout.JAVA_INT, at + SubmissionLayout.BLOCKS_OFFSET, entry.blocks);
        memory.set(ValueLayout.JAVA_INT, at + SubmissionLayout.FILE_OFFSET, entry.file);
        memory.set(ValueLayout.JAVA_LONG, at + SubmissionLayout.MEMORY_OFFSET, entry.memoryOffset);
        memory.set(ValueLayout.JAVA_LONG, at + SubmissionLayout.EPOCH_OFFSET, entry.epoch);
        memory.set(ValueLayout.JAVA_LONG, at + SubmissionLayout.TAG_OFFSET, entry.tag);
        memory.set(ValueLayout.JAVA_INT, at + SubmissionLayout.SECTION_OFFSET, entry.section);
        memory.set(ValueLayout.JAVA_INT, at + SubmissionLayout.FLAGS_OFFSET, entry.flags);
        DeathPoint.stored(StoreGroup.RING);
        tail++;
        // Release, and last: the back-end never sees half an entry.
        Words.storeLong(ring.words, RingLayout.SUBMISSION_TAIL_OFFSET, tail);
        DeathPoint.stored(StoreGroup.RING);
        return true;
    }

    /// Tells the back-end that entries wait; once per batch.
    public void ring() {
        ring.submissionBell.ring();
        DeathPoint.stored(StoreGroup.RING);
    }

    /// Takes what has completed; returns how many.
    public int takeCompletions(Completions to) {
        long end = Words.loadLong(ring.words, RingLayout.COMPLETION_TAIL_OFFSET);
        Check.that(end - completionHead >= 0 && end - completionHead <= ring.entries,
                "completion ring positions", end, completionHead);
        int taken = (int) (end - completionHead);
        for (int i = 0; i < taken; i++) {
            long at = ring.completionAt(completionHead);
            long tag = ring.completions.get(ValueLayout.JAVA_LONG, at + CompletionLayout.TAG_OFFSET);
            long epoch = ring.completions.get(ValueLayout.JAVA_LONG, at + CompletionLayout.EPOCH_OFFSET);
            int status = ring.completions.get(ValueLayout.JAVA_INT, at + CompletionLayout.STATUS_OFFSET);
            int errno = ring.completions.get(ValueLayout.JAVA_INT, at + CompletionLayout.ERRNO_OFFSET);
            int bytes = ring.completions.get(ValueLayout.JAVA_INT, at + CompletionLayout.BYTES_OFFSET);
            completionHead++;
            Words.storeLong(ring.words, RingLayout.COMPLETION_HEAD_OFFSET, completionHead);
            DeathPoint.stored(StoreGroup.RING);
            to.completed(tag, epoch, DiskStatus.of(status), errno, bytes);
        }
        return taken;
    }

    /// The bell that rings for completions.
    public Doorbell completionBell() {
        return ring.completionBell;
    }
}
