package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import hearth.base.Uninterruptibly;

/// Does the disk reads of one call side by side, so that a long read of a cold file does not wait for each block in
/// turn. The calling thread works too; the helpers are virtual threads that end with the call.
final class SideBySide {
    /// Enough to keep a disk busy, few enough that one call does not fill the ring.
    private static final int WORKERS_MAX = 16;

    private SideBySide() {}

    /// One piece of work, independent of the others.
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    /// Runs all of them, unless one fails, and throws what the first that failed has thrown. None runs any more at
    /// return.
    static void run(List<? extends Task> tasks) throws IOException {
        int helpers = Math.min(tasks.size(), WORKERS_MAX) - 1;
        var next = new AtomicInteger();
        var failure = new AtomicReference<Throwable>();
        var done = new CountDownLatch(Math.max(0, helpers));
        for (int i = 0; i < helpers; i++) {
            Thread.ofVirtual().start(() -> {
                work(tasks, next, failure);
                done.countDown();
            });
        }
        work(tasks, next, failure);
        // The memory that the helpers fill is the caller's, so an interrupt is kept for later.
        Uninterruptibly.await(done);
        switch (failure.get()) {
            case null -> {
                // All done.
            }
            case IOException unreadable -> throw unreadable;
            case RuntimeException bug -> throw bug;
            case Error bug -> throw bug;
            case Throwable other -> throw new AssertionError(other);
        }
    }

    private static void work(List<? extends Task> tasks, AtomicInteger next, AtomicReference<Throwable> failure) {
        try {
            int task = next.getAndIncrement();
            while (task < tasks.size() && failure.get() == null) {
                tasks.get(task).run();
                task = next.getAndIncrement();
            }
        } catch (Throwable thrown) { // Whatever it is, the caller's thread is the one to throw it.
            failure.compareAndSet(null, thrown);
        }
    }
}
