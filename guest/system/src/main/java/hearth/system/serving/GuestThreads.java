package hearth.system.serving;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import hearth.base.Uninterruptibly;
import hearth.nmodule.net.FatalHandler;
import hearth.system.boot.Booted;
import hearth.system.wiring.Threads;

/// The platform threads of a guest that serves, beside the reactor's and the disks': the file system's clockwork and
/// the one that waits for the flusher.
public final class GuestThreads {
    private static final long JOURNAL_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Booted booted;
    private final FatalHandler fatal;
    private final Consumer<IOException> cannotServe;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;

    /// @param cannotServe told when a consistency point cannot be written
    public GuestThreads(Booted booted, FatalHandler fatal, Consumer<IOException> cannotServe) {
        this.booted = booted;
        this.fatal = fatal;
        this.cannotServe = cannotServe;
    }

    public void start() {
        threads.add(Threads.start("journal watch", fatal, this::watchJournal));
        threads.add(Threads.start("consistency points", fatal, this::runConsistencyPoints));
    }

    private void watchJournal() {
        while (!closing) {
            booted.log().watchJournal(JOURNAL_LOOK_NS);
        }
    }

    private void runConsistencyPoints() {
        try {
            booted.fileSystem().run();
        } catch (IOException e) {
            cannotServe.accept(e);
        }
    }

    /// Lets a consistency point that runs end, and ends the threads.
    public void close() {
        closing = true;
        booted.fileSystem().stop();
        threads.forEach(Uninterruptibly::join);
    }
}
