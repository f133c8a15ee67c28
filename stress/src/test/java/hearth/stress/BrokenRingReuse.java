package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

import hearth.memory.ring.RingBack;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.RingLayout;
import hearth.memory.ring.Submission;
import hearth.memory.word.Words;

/// `RingReuseStress` with a guest that takes the host's word for more than it said: one entry is overwritten while it
/// may be being read.
@JCStressTest
@Outcome(id = {"1, 2, 0", "1, 2, 1"}, expect = Expect.ACCEPTABLE, desc = "whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "an entry was overwritten")
@State
public class BrokenRingReuse {
    private final MemorySegment file = Rings.MEMORY.next();
    private final RingFront front = new RingFront(file, Rings.PLAN);
    private final RingBack back = new RingBack(file, Rings.PLAN);
    private final Submission third = Rings.entry(3);
    private final Submission taken = new Submission();

    /// Both places hold an entry.
    public BrokenRingReuse() {
        front.submit(Rings.entry(1));
        front.submit(Rings.entry(2));
    }

    @Actor
    public void host(III_Result result) {
        result.r1 = Rings.take(back, taken);
        result.r2 = Rings.take(back, taken);
    }

    @Actor
    public void guest(III_Result result) {
        long head = Words.loadLong(file, RingLayout.SUBMISSION_HEAD_OFFSET);
        Words.storeLong(file, RingLayout.SUBMISSION_HEAD_OFFSET, head + 1);
        result.r3 = front.submit(third) ? 1 : 0;
    }
}
