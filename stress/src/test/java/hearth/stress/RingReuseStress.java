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
import hearth.memory.ring.Submission;

/// The ring is full; domain 0 takes while the guest submits one more. The place of an entry is used again only when
/// the entry has been copied out.
@JCStressTest
@Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "the ring was full")
@Outcome(id = "1, 2, 1", expect = Expect.ACCEPTABLE, desc = "there was room in time")
@Outcome(expect = Expect.FORBIDDEN, desc = "an entry was overwritten")
@State
public class RingReuseStress {
    private final RingFront front;
    private final RingBack back;
    private final Submission third = Rings.entry(3);
    private final Submission taken = new Submission();

    /// Both places hold an entry.
    public RingReuseStress() {
        MemorySegment file = Rings.MEMORY.next();
        front = new RingFront(file, Rings.PLAN);
        back = new RingBack(file, Rings.PLAN);
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
        result.r3 = front.submit(third) ? 1 : 0;
    }
}
