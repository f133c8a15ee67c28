package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import hearth.memory.bell.Doorbell;

/// One rings, at some moment while the other looks, raises its flag and goes to sleep in the kernel. Nobody sleeps
/// through a ring. A sleeper that is woken late because the machine is busy is not meant: only the timeout, far away,
/// ends a sleep that nobody ended.
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "noticed")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "slept through")
@State
public class DoorbellStress {
    private static final long TIMEOUT_NS = 20_000_000_000L;
    private static final long LATE_NS = 15_000_000_000L;

    private final int spins = Bells.someSpins();
    private final Doorbell bell;
    private int work;
    private long rungNs;
    private long endNs;
    private boolean saw;

    public DoorbellStress() {
        MemorySegment piece = Bells.MEMORY.next();
        bell = new Doorbell(Bells.sequence(piece), Bells.waiter(piece));
    }

    @Actor
    public void ringer() {
        Bells.spin(spins);
        work = 1;
        bell.ring();
        rungNs = System.nanoTime();
    }

    @Actor
    public void waiter() {
        int seen = 0;
        int now = bell.sequence();
        // A signal may end a sleep early, with nothing seen.
        for (int i = 0; i < 3 && now == seen; i++) {
            now = bell.await(seen, TIMEOUT_NS);
        }
        saw = now != seen && work == 1;
        endNs = System.nanoTime();
    }

    @Arbiter
    public void judge(I_Result result) {
        result.r1 = saw && endNs - rungNs < LATE_NS ? 1 : 0;
    }
}
