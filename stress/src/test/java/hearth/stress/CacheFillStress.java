package hearth.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import hearth.memory.cache.CacheLayout;

/// Two fill the same block at once, as two readers that both missed do: at most one frame holds it afterwards.
@JCStressTest
@Outcome(id = {"0", "1"}, expect = Expect.ACCEPTABLE, desc = "none or one")
@Outcome(expect = Expect.FORBIDDEN, desc = "in two frames")
@State
public class CacheFillStress {
    private final long vbn = Caches.freshVbn();
    private final long set;

    public CacheFillStress() {
        set = Caches.fill(vbn, Caches.OLD, Caches.OLD_CRC) / CacheLayout.WAYS_VALUE;
        Caches.CACHE.forget(Caches.AGGREGATE, vbn);
    }

    @Actor
    public void one() {
        Caches.fill(vbn, Caches.NEW, Caches.NEW_CRC);
    }

    @Actor
    public void other() {
        Caches.fill(vbn, Caches.NEW, Caches.NEW_CRC);
    }

    @Arbiter
    public void count(I_Result result) {
        result.r1 = Caches.holding(set, vbn);
    }
}
