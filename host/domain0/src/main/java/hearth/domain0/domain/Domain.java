package hearth.domain0.domain;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import hearth.base.posix.PosixException;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.state.DataDirectory;
import hearth.memory.channel.AdminRequest;
import hearth.memory.channel.ChannelException;
import hearth.memory.channel.VolumeReport;

/// One controller's life on this host, as the API sees it. Any thread may call; what waits says so.
public final class Domain implements AutoCloseable {
    private static final long PROGRESS_MS = 1000;

    private final ControllerConfig config;
    private final Storage storage;
    private final DomainLife life;
    private final StatusReader statusReader;
    private final Thread thread;
    // One change at a time: the aggregate remembers the last one only.
    private final ReentrantLock administering = new ReentrantLock();
    private volatile KnownVolumes volumes;
    private volatile Consumer<KnownVolumes> volumesListener = known -> {};
    private boolean started;

    // Held by who reads the region, and by who ends it.
    private final Object ending = new Object();
    private Optional<DomainStatus> last = Optional.empty();

    private Domain(ControllerConfig config, DataDirectory directory, DomainServices services, Storage storage)
            throws PosixException {
        this.config = config;
        this.storage = storage;
        life = new DomainLife(config, directory, services, storage);
        volumes = new KnownVolumes(config.volumes(), config.exports());
        statusReader = new StatusReader(config, storage, services.driver().confinement(), () -> volumes.exports());
        thread = Thread.ofPlatform().name("domain-" + config.name()).unstarted(life);
    }

    /// Makes or opens everything that outlives a guest: disks, journal, listeners, region. Fails with a message for
    /// people and an exit code; then nothing stays open. Platform threads only.
    public static Domain open(ControllerConfig config, DataDirectory directory, DomainServices services)
            throws StartException {
        Storage storage = Storage.open(config, directory, services);
        try {
            return new Domain(config, directory, services, storage);
        } catch (PosixException e) {
            storage.close();
            throw new StartException(StartException.FAILED, "controller " + config.name() + ": " + e.getMessage(), e);
        }
    }

    public String name() {
        return config.name();
    }

    /// Spawns the first incarnation; returns at once.
    public synchronized void start() {
        started = true;
        thread.start();
    }

    /// Waits until it listens, has failed or stopped, or the time is over; true when it listens.
    public boolean awaitListening(long timeoutMs) throws InterruptedException {
        return life.board().awaitSuccessor(0, timeoutMs);
    }

    /// Waits until an incarnation after `incarnation` listens; false when none will, or the time is over.
    public boolean awaitSuccessor(long incarnation, long timeoutMs) throws InterruptedException {
        return life.board().awaitSuccessor(incarnation, timeoutMs);
    }

    /// As of now; after the end, as it was then.
    public DomainStatus status() {
        synchronized (ending) {
            return last.orElseGet(() -> statusReader.read(life.board()));
        }
    }

    /// All incarnations since the host's start, oldest first, bounded.
    public List<Timeline> timelines() {
        return life.board().timelines();
    }

    /// SIGKILL for the guest; the next incarnation follows by itself. A FAILED domain tries again.
    public Optional<Killed> kill(NextBoot next) throws PosixException {
        synchronized (ending) {
            return last.isPresent()
                    ? Optional.empty()
                    : life.kill(next).map(killed -> new Killed(killed.number(), killed.killedNs()));
        }
    }

    /// A guest that was killed; empty above when none ran.
    ///
    /// @param killedNs when the signal was sent, of the monotonic clock
    public record Killed(long incarnation, long killedNs) {}

    /// The same after a consistency point, as far as one comes in time.
    public void restart(NextBoot next) throws PosixException {
        synchronized (ending) {
            if (last.isEmpty()) {
                life.restart(next);
            }
        }
    }

    /// Asks the guest for a consistency point and waits for it; the text says how it went.
    public StopResult consistencyPoint(long timeoutMs) throws PosixException, InterruptedException {
        CompletableFuture<ConsistencyPoints.Done> answer;
        synchronized (ending) {
            if (last.isPresent()) {
                return new StopResult(false, "the controller has ended");
            }
            answer = life.consistencyPoint();
        }
        try {
            ConsistencyPoints.Done done = answer.get(timeoutMs, TimeUnit.MILLISECONDS);
            return new StopResult(done.ok(), done.text());
        } catch (TimeoutException e) {
            return new StopResult(false, "no answer within " + timeoutMs + " ms");
        } catch (ExecutionException e) {
            return new StopResult(false, String.valueOf(e.getCause()));
        }
    }

    /// Told when volumes or exports are others than they were.
    public void onVolumes(Consumer<KnownVolumes> listener) {
        volumesListener = listener;
    }

    /// What an administrator's request came to.
    ///
    /// @param text why not; empty when it is done
    /// @param volumes all there are, when it is done
    public record Administered(AdminRequest.Outcome outcome, String text, List<VolumeReport> volumes) {}

    /// Has the guest do what is asked for, or its successor should it die meanwhile, and waits. A change that was
    /// answered with DONE is durable; one that ran into the time limit may be done or not.
    public Administered administer(AdminRequest request, long timeoutMs) throws PosixException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        boolean change = request instanceof AdminRequest.Change;
        if (change && !administering.tryLock(timeoutMs, TimeUnit.MILLISECONDS)) {
            return refused("another change takes its time; try again");
        }
        try {
            AdminRequests.Wanted wanted;
            synchronized (ending) {
                if (last.isPresent() || life.board().isEnded()) {
                    return refused("the controller has ended");
                }
                wanted = life.administer(request);
            }
            try {
                AdminRequests.Answer answer = wanted.answer().get(
                        Math.max(1, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
                return administered(answer);
            } catch (TimeoutException e) {
                return refused("no answer within " + timeoutMs + " ms; it may be done all the same: look before you"
                        + " ask again");
            } catch (ExecutionException e) {
                return refused(String.valueOf(e.getCause()));
            } finally {
                life.forget(wanted);
            }
        } finally {
            if (change) {
                administering.unlock();
            }
        }
    }

    private static Administered refused(String why) {
        return new Administered(AdminRequest.Outcome.REFUSED, why, List.of());
    }

    private Administered administered(AdminRequests.Answer answer) {
        if (answer.outcome() != AdminRequest.Outcome.DONE) {
            return new Administered(answer.outcome(), String.join("; ", answer.lines()), List.of());
        }
        try {
            List<VolumeReport> reports = VolumeReport.parse(answer.lines());
            KnownVolumes known = KnownVolumes.of(reports);
            if (!known.equals(volumes)) {
                volumes = known;
                volumesListener.accept(known);
            }
            return new Administered(answer.outcome(), "", reports);
        } catch (ChannelException e) {
            return refused("the guest's answer cannot be read: " + e.getMessage());
        }
    }

    /// Ends the domain in order: the guest drains, takes a consistency point and exits; after the configured time it is
    /// killed, and what was stable stands in the journal. Waits, and tells `progress` about it. Then closes everything.
    public StopResult stop(Progress progress) throws PosixException, InterruptedException {
        long startedNs = System.nanoTime();
        if (hasEnded()) {
            return new StopResult(life.board().isStoppedInOrder(), "had ended before");
        }
        if (!isStarted()) {
            close();
            return new StopResult(true, "had not been started");
        }
        progress.note("controller " + name() + ": waiting for a consistency point");
        life.stop();
        while (!life.board().isEnded()) {
            life.board().awaitEnd(PROGRESS_MS);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNs);
            if (!life.board().isEnded() && seconds > 0) {
                progress.note("controller " + name() + ": waiting for a consistency point, " + seconds + " s");
            }
        }
        thread.join();
        boolean inOrder = life.board().isStoppedInOrder();
        close();
        return new StopResult(inOrder, inOrder
                ? "stopped after a consistency point"
                : "stopped without a consistency point; what was stable is in the journal");
    }

    private boolean hasEnded() {
        synchronized (ending) {
            return last.isPresent();
        }
    }

    private synchronized boolean isStarted() {
        return started;
    }

    /// Kills a guest that still runs, flushes the journal and closes everything. May be called again.
    @Override
    public void close() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                life.stop();
                life.kill(NextBoot.FREE);
                thread.join(PROGRESS_MS);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (PosixException e) {
                break;
            }
        }
        synchronized (ending) {
            if (last.isEmpty()) {
                last = Optional.of(statusReader.read(life.board()));
                storage.close();
                life.close();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
