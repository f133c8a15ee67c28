package hearth.hypervisor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;

import hearth.base.Check;
import hearth.base.posix.Landlock;
import hearth.base.posix.PosixException;

/// The one thread that makes guests, and never ends: a guest's parent-death signal follows the thread that made it.
///
/// It lives under the Landlock restriction that its guests inherit. Whatever it started would inherit it too, so it
/// starts no thread, submits to no pool, wakes no virtual thread and opens no file: orders come with open descriptors,
/// and everything it runs has been run once before the restriction.
final class SpawningThread {
    private static final int ORDERS_MAX = 64;

    private final List<Path> readable;
    private final ArrayBlockingQueue<SpawnOrder> orders = new ArrayBlockingQueue<>(ORDERS_MAX);
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile String confinement = "not yet";
    private volatile Optional<PosixException> failure = Optional.empty();

    private SpawningThread(List<Path> readable) {
        this.readable = readable;
    }

    /// Starts the thread and waits until it is confined to `readable`.
    static SpawningThread start(List<Path> readable) throws GuestStartException {
        SpawningThread spawning = new SpawningThread(readable);
        Thread.ofPlatform().name("spawning").daemon().start(spawning::run);
        // An order that the kernel refuses runs all of the code and leaves no child.
        SpawnOrder rehearsal = new SpawnOrder(List.of("/dev/null/rehearsal"));
        spawning.orders.add(rehearsal);
        Check.that(rehearsal.await() instanceof SpawnOrder.Outcome.Refused, "the rehearsal made a child");
        try {
            spawning.ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestStartException("interrupted while the driver started", e);
        }
        if (spawning.failure.isPresent()) {
            throw new GuestStartException("guests cannot be confined", spawning.failure.get());
        }
        return spawning;
    }

    private void run() {
        take().carryOut();
        // Loads the classes of the outcomes that the rehearsal did not have.
        Check.that(SpawnOrder.Outcome.class.getPermittedSubclasses().length > 0, "an order has no outcome");
        try {
            confinement = confine();
        } catch (PosixException e) {
            // A kernel that has Landlock but does not grant it is a fault to be looked into, not a reason to go bare.
            failure = Optional.of(e);
        }
        ready.countDown();
        while (true) {
            take().carryOut();
        }
    }

    private SpawnOrder take() {
        while (true) {
            try {
                return orders.take();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, and it must not end.
                Check.that(!Thread.currentThread().isInterrupted(), "the interrupt was not cleared");
            }
        }
    }

    private String confine() throws PosixException {
        int abi = Landlock.abiVersion();
        if (abi == 0) {
            return "none: this kernel has no Landlock or it is switched off";
        }
        Landlock.restrictThisThread(readable, List.of());
        if (abi < Landlock.NETWORK_ABI) {
            return "landlock abi " + abi + ", which leaves TCP and signals open";
        }
        return abi < Landlock.SCOPE_ABI ? "landlock abi " + abi + ", which leaves signals open" : "landlock abi " + abi;
    }

    /// What became of the wish to confine.
    String confinement() {
        return confinement;
    }

    /// Has the order carried out.
    SpawnOrder.Outcome spawn(SpawnOrder order) throws GuestStartException {
        if (!orders.offer(order)) {
            throw new GuestStartException("too many guests are being started");
        }
        return order.await();
    }
}
