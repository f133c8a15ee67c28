package hearth.hypervisor;

import java.util.List;
import java.util.concurrent.CountDownLatch;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.base.posix.PosixException;

/// One child to be made by a thread of its own. A latch and plain fields rather than a future: a future runs its
/// dependents on the thread that completes it.
final class SpawnOrder {
    /// What became of the order.
    sealed interface Outcome {
        record Spawned(int pid, long spawnedNs) implements Outcome {}

        record Refused(PosixException reason) implements Outcome {}

        record Unconfined(PosixException reason) implements Outcome {}

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

    /// Confines the calling thread and makes the child; says whether there is one. Throws nothing.
    boolean carryOut(Confinement confinement) {
        try {
            confinement.takeOn();
            outcome = make();
        } catch (PosixException e) {
            outcome = new Outcome.Unconfined(e);
        } catch (Throwable e) {
            outcome = new Outcome.Broken(e);
        }
        boolean made = outcome instanceof Outcome.Spawned;
        done.countDown();
        return made;
    }

    private Outcome make() {
        try {
            int pid = PosixSpawn.spawn(command, descriptors);
            return new Outcome.Spawned(pid, System.nanoTime());
        } catch (PosixException e) {
            return new Outcome.Refused(e);
        }
    }

    /// Waits for the outcome. Not on a virtual thread: waking one would start a carrier from the guest's thread, with
    /// its restriction. An interrupt is kept for later: the child must not be forgotten.
    Outcome await() {
        Check.that(!Thread.currentThread().isVirtual(), "a virtual thread waits for a guest's thread");
        Uninterruptibly.await(done);
        return outcome;
    }
}
