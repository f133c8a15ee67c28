package hearth.dmodule.nvlog;

import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

/// Threads that wait for a position to become stable. Any thread may wait; virtual ones park. Bounded by the callers:
/// one entry per waiting thread.
final class StableWaiters {
    private static final class Waiter implements Comparable<Waiter> {
        final long lsn;
        final long sinceNs;
        final Thread thread = Thread.currentThread();
        volatile boolean done;

        Waiter(long lsn, long sinceNs) {
            this.lsn = lsn;
            this.sinceNs = sinceNs;
        }

        @Override
        public int compareTo(Waiter other) {
            return Long.compare(lsn, other.lsn);
        }
    }

    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();

    /// A place in the queue; the caller looks at the stable position once more, then parks.
    Object enter(long lsn, long nowNs) {
        var waiter = new Waiter(lsn, nowNs);
        synchronized (waiters) {
            waiters.add(waiter);
        }
        return waiter;
    }

    /// Parks until `wake` reaches the entry. An interrupt is kept for later.
    void park(Object entry) {
        var waiter = (Waiter) entry;
        boolean interrupted = false;
        while (!waiter.done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            waiter.thread.interrupt();
        }
    }

    /// Lets all go that wait for a position up to `stableLsn`.
    void wake(long stableLsn) {
        synchronized (waiters) {
            for (var first = waiters.peek(); first != null && first.lsn <= stableLsn; first = waiters.peek()) {
                waiters.remove();
                first.done = true;
                LockSupport.unpark(first.thread);
            }
        }
    }

    boolean isEmpty() {
        synchronized (waiters) {
            return waiters.isEmpty();
        }
    }

    /// How long the one with the lowest position has waited; 0 when nobody waits.
    long firstWaitNs(long nowNs) {
        synchronized (waiters) {
            var first = waiters.peek();
            return first == null ? 0 : nowNs - first.sinceNs;
        }
    }
}
