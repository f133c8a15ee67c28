package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

import hearth.base.Check;

/// Off-heap memory that several holders share: a block that was received into is held by every record in it. Begins
/// with one holder. Any thread.
public abstract class Lease {
    private MemorySegment memory;
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

    /// Keeps the first `sizeBytes` and gives the rest back; the memory is another one afterwards, with the same
    /// contents. For the only holder.
    final void shrink(int sizeBytes) {
        Check.that(isSole(), "a lease with other holders cannot shrink");
        memory = giveBackBeyond(sizeBytes);
    }

    /// Whether the caller, a holder, is the only one.
    final boolean isSole() {
        return holders.get() == 1;
    }

    /// Returns the memory that is left of it.
    protected abstract MemorySegment giveBackBeyond(int sizeBytes);

    /// Called once, by the last release.
    protected abstract void giveBack();
}
