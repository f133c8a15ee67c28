package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import hearth.base.posix.Futex;
import hearth.base.posix.PosixException;
import hearth.memory.bell.Doorbell;
import hearth.memory.word.Words;

/// `DoorbellStress` with a ringer that looks for a sleeper before it moves the sequence on.
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "noticed")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "slept through")
@State
public class BrokenDoorbell {
    private static final long TIMEOUT_NS = 100_000_000L;
    private static final long LATE_NS = 50_000_000L;

    private final int spins = Bells.someSpins();
    private final MemorySegment sequence;
    private final MemorySegment flag;
    private final Doorbell bell;
    private long rungNs;
    private long endNs;

    public BrokenDoorbell() {
        MemorySegment piece = Bells.MEMORY.next();
        sequence = Bells.sequence(piece);
        flag = Bells.waiter(piece);
        bell = new Doorbell(sequence, flag);
    }

    @Actor
    public void ringer() {
        Bells.spin(spins);
        boolean sleeps = Words.loadVolatileInt(flag, 0) != 0;
        Words.addInt(sequence, 0, 1);
        if (sleeps) {
            wake();
        }
        rungNs = System.nanoTime();
    }

    private void wake() {
        try {
            Futex.wake(sequence, 1);
        } catch (PosixException e) {
            throw new AssertionError(e);
        }
    }

    @Actor
    public void waiter() {
        bell.await(0, TIMEOUT_NS);
        endNs = System.nanoTime();
    }

    @Arbiter
    public void judge(I_Result result) {
        result.r1 = endNs - rungNs < LATE_NS ? 1 : 0;
    }
}
