package hearth.stress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import hearth.memory.ring.RingBack;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.RingLayout;
import hearth.memory.ring.Submission;
import hearth.memory.ring.SubmissionLayout;
import hearth.memory.word.Words;

/// `RingEntryStress` with a guest that moves the tail on before the entry's words stand there.
@JCStressTest
@Outcome(id = {"0, 0", "1, 0", "0, 1", "1, 2"}, expect = Expect.ACCEPTABLE, desc = "whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, or out of order")
@State
public class BrokenRingEntry {
    private final MemorySegment file = Rings.MEMORY.next();
    private final RingBack back = new RingBack(file, Rings.PLAN);
    private final Submission taken = new Submission();

    /// Places were used before.
    public BrokenRingEntry() {
        Rings.lap(new RingFront(file, Rings.PLAN), back);
    }

    @Actor
    public void guest() {
        submit(1);
        submit(2);
    }

    private void submit(int number) {
        long tail = Words.loadLong(file, RingLayout.SUBMISSION_TAIL_OFFSET);
        long at = Rings.PLAN.submissionsOffset() + tail % Rings.PLAN.entries() * SubmissionLayout.SIZE;
        Words.storeLong(file, RingLayout.SUBMISSION_TAIL_OFFSET, tail + 1);
        Pauses.some();
        file.set(ValueLayout.JAVA_INT, at + SubmissionLayout.OP_OFFSET, number);
        file.set(ValueLayout.JAVA_INT, at + SubmissionLayout.SLOT_OFFSET, number);
        file.set(ValueLayout.JAVA_LONG, at + SubmissionLayout.DBN_OFFSET, number);
        file.set(ValueLayout.JAVA_INT, at + SubmissionLayout.BLOCKS_OFFSET, number);
        file.set(ValueLayout.JAVA_INT, at + SubmissionLayout.FILE_OFFSET, number);
        file.set(ValueLayout.JAVA_LONG, at + SubmissionLayout.MEMORY_OFFSET, number);
        file.set(ValueLayout.JAVA_LONG, at + SubmissionLayout.EPOCH_OFFSET, number);
        file.set(ValueLayout.JAVA_LONG, at + SubmissionLayout.TAG_OFFSET, number);
        file.set(ValueLayout.JAVA_INT, at + SubmissionLayout.SECTION_OFFSET, number);
        file.set(ValueLayout.JAVA_INT, at + SubmissionLayout.FLAGS_OFFSET, number);
    }

    @Actor
    public void host(II_Result result) {
        result.r1 = Rings.take(back, taken);
        result.r2 = Rings.take(back, taken);
    }
}
