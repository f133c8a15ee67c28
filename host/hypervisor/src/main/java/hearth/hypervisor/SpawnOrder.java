package hearth.hypervisor;

import java.util.List;
import java.util.concurrent.CountDownLatch;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.base.posix.PosixException;

/// One child to be made by the spawning thread. A latch and plain fields rather than a future: a future runs its
/// dependents on the thread that completes it.
final class SpawnOrder {
    /// What became of the order.
    sealed interface Outcome {
        record Spawned(int pid, long spawnedNs) implements Outcome {}

        record Refused(PosixException reason) implements Outcome {}

        record Broken(Throwable bug) implements Outcome {}

        record Open() implements Outcome {}
    }

    private final List<String> command;
    private final int[] descriptors;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile Outcome outcome = new Outcome.Open();

    SpawnOrder(List<String> command, int... descriptors) {
        this.command = command;
        this.descriptors = descriptors;
    }

    /// Makes the child; called by the spawning thread, which must outlive whatever is thrown.
    void carryOut() {
        try {
            int pid = PosixSpawn.spawn(command, descriptors);
            outcome = new Outcome.Spawned(pid, System.nanoTime());
        } catch (PosixException e) {
            outcome = new Outcome.Refused(e);
        } catch (Throwable e) {
            outcome = new Outcome.Broken(e);
        }
        done.countDown();
    }

    /// Waits for the outcome. Not on a virtual thread: waking one would start a carrier from the spawning thread, with
    /// its restriction. An interrupt is kept for later: the child must not be forgotten.
    Outcome await() {
        Check.that(!Thread.currentThread().isVirtual(), "a virtual thread waits for the spawning thread");
        Uninterruptibly.await(done);
        return outcome;
    }
}
