package hearth.dmodule.filesystem.consistency;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import hearth.base.Check;
import hearth.dmodule.filesystem.core.HeapPressure;

/// When a consistency point runs: on request (log fill, heap, space, an administrator), and some time after the first
/// change. Requests that come before a freeze share one. Whoever waits parks; `request` may be called under the file
/// system's lock, `await` and `admit` may not.
public final class Schedule {
    /// Between two steps of deleting a volume: others want the disks too.
    private static final long DELETING_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ConsistencyPoints points;
    private final HeapPressure pressure;
    private final long intervalNs;
    private final ReentrantLock stepping = new ReentrantLock();
    private final ReentrantLock monitor = new ReentrantLock();
    private final Condition changed = monitor.newCondition();
    /// Consistency points asked for, frozen, published: counts since the mount.
    private long requested;
    private long frozen;
    private long published;
    private boolean stopping;
    private boolean failed;

    public Schedule(ConsistencyPoints points, HeapPressure pressure, long intervalMs) {
        this.points = points;
        this.pressure = pressure;
        intervalNs = TimeUnit.MILLISECONDS.toNanos(intervalMs);
    }

    /// Asks for one that includes everything applied so far.
    public void request() {
        monitor.lock();
        try {
            ask();
        } finally {
            monitor.unlock();
        }
    }

    private long ask() {
        long ticket = frozen + 1;
        if (requested < ticket) {
            requested = ticket;
            changed.signalAll();
        }
        return ticket;
    }

    /// The same, and waits until it has published.
    public void await() {
        monitor.lock();
        try {
            long ticket = ask();
            while (published < ticket) {
                park();
            }
        } finally {
            monitor.unlock();
        }
    }

    /// Whether the heap has room for more dirty state; asks for a consistency point when there is little.
    public boolean tryAdmit() {
        if (pressure.full()) {
            return false;
        }
        if (pressure.high()) {
            request();
        }
        return true;
    }

    /// Waits while the heap is full of dirty state: until a freeze has taken it away.
    public void admit() {
        if (tryAdmit()) {
            return;
        }
        monitor.lock();
        try {
            while (pressure.full()) {
                ask();
                park();
            }
        } finally {
            monitor.unlock();
        }
    }

    private void park() {
        if (failed || stopping) {
            throw Check.failed("no consistency point comes any more");
        }
        changed.awaitUninterruptibly();
    }

    /// Runs consistency points until `stop`: the body of the thread that the wiring gives.
    ///
    /// @throws IOException the aggregate cannot be written any more: the guest ends
    public void run() throws IOException {
        while (awaitWork()) {
            step();
        }
    }

    /// One now, on this thread.
    public void step() throws IOException {
        stepping.lock();
        boolean done = false;
        try {
            points.step(this::noteFrozen);
            done = true;
        } finally {
            notePublished(done);
            stepping.unlock();
        }
    }

    private void noteFrozen() {
        monitor.lock();
        try {
            frozen++;
            changed.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    private void notePublished(boolean done) {
        monitor.lock();
        try {
            if (done) {
                published = frozen;
            } else {
                failed = true;
            }
            changed.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    private long pauseNs() {
        return points.isDeleting() ? Math.min(DELETING_PAUSE_NS, intervalNs) : intervalNs;
    }

    /// False: stopping.
    private boolean awaitWork() {
        monitor.lock();
        try {
            long left = pauseNs();
            while (!stopping && requested <= frozen) {
                if (left <= 0) {
                    if (pressure.inodes() > 0 || points.isDeleting()) {
                        return true;
                    }
                    left = intervalNs;
                }
                left = changed.awaitNanos(left);
            }
            return !stopping;
        } catch (InterruptedException e) {
            return false;
        } finally {
            monitor.unlock();
        }
    }

    /// Ends `run` after the consistency point that is running, if one is.
    public void stop() {
        monitor.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            monitor.unlock();
        }
    }
}
