package hearth.hypervisor;

import java.util.List;
import java.util.concurrent.CountDownLatch;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.base.posix.PosixException;

/// The thread of domain 0 that makes one guest and lives as long as it: a guest's parent-death signal follows the
/// thread that made it, and so does the Landlock domain that the guest is born in. One thread for each guest, and so a
/// domain for each: within one, guests could take each other's descriptors and kill each other.
///
/// Once confined, whatever the thread started would be confined too, so it starts no thread, submits to no pool, wakes
/// no virtual thread and opens no file: an order comes with open descriptors, and everything that the thread runs has
/// been run before by one that was not confined.
final class GuestThread {
    private final Confinement confinement;
    private final SpawnOrder order;
    private final CountDownLatch over = new CountDownLatch(1);

    private GuestThread(Confinement confinement, SpawnOrder order) {
        this.confinement = confinement;
        this.order = order;
    }

    /// Runs all of the code once bare and once under `confinement`, with an order that the kernel refuses and that
    /// leaves no child. Throws when the kernel does not confine.
    static void rehearse(Confinement bare, Confinement confinement) throws GuestStartException {
        // Loads the classes of the outcomes that a rehearsal does not have.
        Check.that(SpawnOrder.Outcome.class.getPermittedSubclasses().length > 0, "an order has no outcome");
        for (Confinement each : List.of(bare, confinement)) {
            var order = new SpawnOrder(List.of("/dev/null/rehearsal"));
            start(each, order);
            SpawnOrder.Outcome outcome = order.await();
            if (outcome instanceof SpawnOrder.Outcome.Unconfined(PosixException reason)) {
                throw new GuestStartException("guests cannot be confined", reason);
            }
            Check.that(outcome instanceof SpawnOrder.Outcome.Refused, "the rehearsal made a child");
        }
    }

    /// Starts the thread, which carries out the order at once. Who made a guest by it must call `over` when that has
    /// ended; without a guest the thread ends by itself.
    static GuestThread start(Confinement confinement, SpawnOrder order) {
        var thread = new GuestThread(confinement, order);
        Thread.ofPlatform().name("guest").daemon().start(thread::run);
        return thread;
    }

    private void run() {
        if (order.carryOut(confinement)) {
            Uninterruptibly.await(over);
        }
    }

    /// The guest has ended and is reaped. Until then the thread stays, whatever happens: its end would be the guest's.
    void over() {
        over.countDown();
    }
}
