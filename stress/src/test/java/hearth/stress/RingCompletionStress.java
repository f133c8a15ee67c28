package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.RingBack;
import hearth.memory.ring.RingFront;

/// Domain 0 delivers two completions while the guest takes what it sees: each is whole, and in order. The result is
/// what two looks found, as decimal digits: 12 is both at once.
@JCStressTest
@Outcome(id = {"0, 0", "0, 1", "1, 0", "0, 12", "1, 2", "12, 0"}, expect = Expect.ACCEPTABLE, desc = "whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, or out of order")
@State
public class RingCompletionStress {
    private final RingFront front;
    private final RingBack back;
    private int seen;

    /// Places were used before.
    public RingCompletionStress() {
        MemorySegment file = Rings.MEMORY.next();
        front = new RingFront(file, Rings.PLAN);
        back = new RingBack(file, Rings.PLAN);
        Rings.lap(front, back);
    }

    @Actor
    public void host() {
        back.complete(1, 1, DiskStatus.IO_ERROR, 1, 1);
        back.complete(2, 2, DiskStatus.SHORT, 2, 2);
    }

    @Actor
    public void guest(II_Result result) {
        result.r1 = look();
        result.r2 = look();
    }

    private int look() {
        seen = 0;
        front.takeCompletions((tag, epoch, status, errno, bytes) -> {
            boolean whole = epoch == tag && status.ordinal() == tag && errno == tag && bytes == tag;
            seen = whole ? seen * 10 + (int) tag : -1;
        });
        return seen;
    }
}
