package hearth.memory.ring;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.memory.bell.Doorbell;

/// Slices of the rings file that both sides need.
final class RingWords {
    final MemorySegment words;
    final MemorySegment submissions;
    final MemorySegment completions;
    final MemorySegment staging;
    final Doorbell submissionBell;
    final Doorbell completionBell;
    final int entries;

    RingWords(MemorySegment file, RingPlan plan) {
        Check.that(Integer.bitCount(plan.entries()) == 1, "ring entries are a power of two", plan.entries());
        Check.that(file.byteSize() >= plan.endOffset(), "rings file is too small", file.byteSize());
        entries = plan.entries();
        words = file.asSlice(plan.areaOffset(), RingLayout.SIZE);
        submissions = file.asSlice(plan.submissionsOffset(), (long) entries * SubmissionLayout.SIZE);
        completions = file.asSlice(plan.completionsOffset(), (long) entries * CompletionLayout.SIZE);
        staging = file.asSlice(plan.stagingOffset(), plan.stagingBytes());
        submissionBell = new Doorbell(
                word(RingLayout.SUBMISSION_BELL_OFFSET), word(RingLayout.SUBMISSION_WAITER_OFFSET));
        completionBell = new Doorbell(
                word(RingLayout.COMPLETION_BELL_OFFSET), word(RingLayout.COMPLETION_WAITER_OFFSET));
    }

    private MemorySegment word(int offset) {
        return words.asSlice(offset, Integer.BYTES);
    }

    long submissionAt(long position) {
        return (position & (entries - 1)) * SubmissionLayout.SIZE;
    }

    long completionAt(long position) {
        return (position & (entries - 1)) * CompletionLayout.SIZE;
    }
}
