package hearth.domain0.domain;

import java.util.concurrent.locks.LockSupport;

import hearth.base.Uninterruptibly;
import hearth.memory.region.HugePageCollapser;
import hearth.memory.region.Region;

/// Turns a region into huge pages in the background, a piece at a time; serving does not wait for it.
final class HugePages implements AutoCloseable {
    private static final long PAUSE_NS = 2_000_000L;

    private final HugePageCollapser collapser;
    private final Thread thread;
    private volatile boolean closed;
    private volatile int percent;

    /// With `wanted` false nothing is done.
    HugePages(Region region, boolean wanted) {
        collapser = new HugePageCollapser(region);
        closed = !wanted;
        thread = Thread.ofPlatform().name("huge-pages-" + region.domain()).daemon().start(this::run);
    }

    private void run() {
        while (!closed && collapser.step()) {
            percent = collapser.percentage();
            LockSupport.parkNanos(PAUSE_NS);
        }
        percent = collapser.percentage();
    }

    /// Share of the region in huge pages, 0 to 100.
    int percent() {
        return percent;
    }

    /// Ends the thread after the piece that it works on.
    @Override
    public void close() {
        closed = true;
        Uninterruptibly.join(thread);
    }
}
