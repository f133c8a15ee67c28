package hearth.base;

import java.util.concurrent.CountDownLatch;

/// Waiting that an interruption does not cut short; the caller finds it in its thread's flag afterwards.
public final class Uninterruptibly {
    private Uninterruptibly() {}

    /// Waits for a thread's end.
    public static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until a latch is open.
    public static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
