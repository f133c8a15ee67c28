package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

import hearth.base.Check;

/// Off-heap memory that several holders share: a block that was received into is held by every record in it. Begins
/// with one holder. Any thread.
public abstract class Lease {
    private final MemorySegment memory;
    private final AtomicInteger holders = new AtomicInteger(1);

    protected Lease(MemorySegment memory) {
        this.memory = memory;
    }

    /// The memory; not to be touched after the release.
    public final MemorySegment memory() {
        return memory;
    }

    /// One more holder; only a holder may add one.
    public final void retain() {
        Check.that(holders.getAndIncrement() > 0, "retained after the last release");
    }

    /// One holder less; the last gives the memory back.
    public final void release() {
        int left = holders.decrementAndGet();
        Check.that(left >= 0, "released more often than held");
        if (left == 0) {
            giveBack();
        }
    }

    /// Whether the caller, a holder, is the only one.
    final boolean isSole() {
        return holders.get() == 1;
    }

    /// Called once, by the last release.
    protected abstract void giveBack();
}
