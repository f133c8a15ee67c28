package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import hearth.memory.ring.RingBack;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.RingPlan;
import hearth.memory.ring.Submission;

/// The guest submits two entries, the second into the place of an older one; domain 0 takes what it sees. An entry is
/// there whole or not at all, and in order.
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "nothing yet")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the first")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the first, later")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "both")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, or out of order")
@State
public class RingEntryStress {
    private final RingFront front;
    private final RingBack back;
    private final Submission first = Rings.entry(1);
    private final Submission second = Rings.entry(2);
    private final Submission taken = new Submission();

    /// Fresh rings of two entries whose places were used before.
    public RingEntryStress() {
        RingPlan plan = Rings.PLAN;
        MemorySegment file = Rings.MEMORY.next();
        front = new RingFront(file, plan);
        back = new RingBack(file, plan);
        Rings.lap(front, back);
    }

    @Actor
    public void guest() {
        front.submit(first);
        front.submit(second);
    }

    @Actor
    public void host(II_Result result) {
        result.r1 = Rings.take(back, taken);
        result.r2 = Rings.take(back, taken);
    }
}
