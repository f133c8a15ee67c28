package hearth.domain0.domain;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import hearth.base.Clock;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Epoll;
import hearth.base.posix.ExitStatus;
import hearth.base.posix.PosixException;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.DiskConfig;
import hearth.domain0.disk.DiskBackEnd;
import hearth.domain0.state.DataDirectory;
import hearth.hypervisor.Guest;
import hearth.hypervisor.GuestSpec;
import hearth.memory.channel.AdminRequest;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.channel.GuestExit;
import hearth.memory.region.Counter;

/// The thread that lives a domain: spawns an incarnation, watches it until its end, fences it, decides, and begins
/// again. What other threads ask for returns at once.
final class DomainLife implements Runnable, AutoCloseable {
    private static final long UNLISTED_READS_MS = 30_000;

    private final ControllerConfig config;
    private final DataDirectory directory;
    private final DomainServices services;
    private final Storage storage;
    private final Clock clock;
    private final DomainEvents events;
    private final FailedStarts failedStarts;
    private final ConsistencyPoints consistencyPoints = new ConsistencyPoints();
    private final AdminRequests adminRequests = new AdminRequests();
    private final LifeBoard board = new LifeBoard();
    private final NoiseSwitch noise = NoiseSwitch.fromSystemProperties();
    private final int wake;
    private long nextIncarnation;

    DomainLife(ControllerConfig config, DataDirectory directory, DomainServices services, Storage storage)
            throws PosixException {
        this.config = config;
        this.directory = directory;
        this.services = services;
        this.storage = storage;
        this.clock = services.clock();
        events = new DomainEvents(config.name(), services.clock(), services.events());
        failedStarts = new FailedStarts(config.restart());
        nextIncarnation = storage.firstIncarnation();
        wake = Epoll.eventFd();
    }

    /// What it shows.
    LifeBoard board() {
        return board;
    }

    // ---- asked for by other threads

    /// SIGKILL now; the next incarnation follows. The one that was killed, if one ran.
    Optional<Incarnation> kill(NextBoot next) throws PosixException {
        Optional<Incarnation> target = board.askKill(next);
        if (target.isPresent()) {
            target.get().killAsked(clock.monotonicNs());
        }
        Epoll.signal(wake);
        return target;
    }

    /// A consistency point, then a kill; the next incarnation follows. A FAILED domain tries again.
    void restart(NextBoot next) throws PosixException {
        if (board.askRestart(next, clock.monotonicNs())) {
            consistencyPoints.want(true);
        }
        Epoll.signal(wake);
    }

    /// An orderly end; no incarnation follows.
    void stop() throws PosixException {
        board.askStop();
        Epoll.signal(wake);
    }

    /// A consistency point; the answer comes when it is done or the guest is gone.
    CompletableFuture<ConsistencyPoints.Done> consistencyPoint() throws PosixException {
        CompletableFuture<ConsistencyPoints.Done> answer = consistencyPoints.want(false);
        if (board.current().isEmpty()) {
            consistencyPoints.guestGone();
        }
        Epoll.signal(wake);
        return answer;
    }

    /// Something for the guest, or for its successor, to do.
    AdminRequests.Wanted administer(AdminRequest request) throws PosixException {
        AdminRequests.Wanted wanted = adminRequests.want(request);
        Epoll.signal(wake);
        return wanted;
    }

    void forget(AdminRequests.Wanted wanted) {
        adminRequests.forget(wanted.id());
    }

    // ---- the thread

    @Override
    public void run() {
        try {
            live();
        } catch (RuntimeException | Error e) {
            // A bug of ours. The guest must not go on without a watcher: nobody would fence it.
            events.event("domain.bug", "what", e.toString());
            board.enter(DomainStatus.State.FAILED, "a bug in domain 0: " + e);
            board.current().ifPresent(incarnation -> incarnation.guest().close());
            throw e;
        } finally {
            board.ended();
            adminRequests.giveUp("the controller has ended");
        }
    }

    /// Gives the wake descriptor back. The thread has ended and nobody asks for anything any more.
    @Override
    public void close() {
        Descriptors.close(wake);
    }

    private record Outcome(Verdict verdict, String how, Map<String, Long> stampsNs) {}

    private void live() {
        Outcome last = new Outcome(new Verdict.Restart(true), "host start", Map.of());
        while (true) {
            switch (last.verdict()) {
                case Verdict.Leave(String why, boolean failed) -> {
                    if (!failed || !awaitRetry(why)) {
                        return;
                    }
                    failedStarts.forget();
                    last = new Outcome(new Verdict.Restart(false), "retry asked for", Map.of());
                }
                case Verdict.Restart(boolean fastAllowed) -> {
                    if (board.isStopWanted()) {
                        return;
                    }
                    last = liveOnce(fastAllowed, last);
                }
            }
        }
    }

    private boolean awaitRetry(String why) {
        events.event("domain.failed", "why", why);
        adminRequests.giveUp("the controller has failed: " + why);
        return board.awaitRetry(why);
    }

    private Outcome liveOnce(boolean fastAllowed, Outcome before) {
        Incarnation incarnation;
        try {
            incarnation = spawn(fastAllowed, before);
        } catch (IOException e) {
            String how = "not started: " + e.getMessage();
            events.event("guest.not-started", "why", String.valueOf(e.getMessage()));
            var end = new FailedStarts.End(false, 0, clock.monotonicNs(), 0, how);
            return new Outcome(failedStarts.decide(end), how, Map.of());
        }
        var watch = new GuestWatch(
                incarnation, config.restart(), storage, board, consistencyPoints, adminRequests, events, clock, wake);
        while (!watch.awaitEnd()) {
            // What will not die is not fenced, so nothing may follow it, however often somebody tries again.
            if (!awaitRetry("guest " + incarnation.number() + " cannot be killed")) {
                return new Outcome(new Verdict.Leave("not stopped", false), "cannot be killed", Map.of());
            }
        }
        return bury(incarnation, watch);
    }

    private Incarnation spawn(boolean fastAllowed, Outcome before) throws IOException {
        long number = nextIncarnation++;
        storage.useIncarnation(number);
        var control = storage.region().control();
        control.setIncarnation(number);
        NextBoot wanted = board.takeNextBoot();
        noise.strike(storage.region(), events);
        Guest guest = services.driver().start(new GuestSpec(config.name(), number,
                services.program().command(config.guest()), directory.guestLog(config.name()),
                services.program().readOnly()));
        try {
            var channel = new Channel(Descriptors.duplicate(guest.channel()));
            storage.backEnd().open(control.epoch());
            assign(channel, number, fastAllowed && !wanted.conventional(), !fastAllowed || wanted.dropCache());
            var incarnation = new Incarnation(number, guest, channel, before.how(), before.stampsNs());
            board.began(incarnation);
            events.event("guest.spawned", "incarnation", number, "pid", guest.pid(), "epoch", control.epoch());
            return incarnation;
        } catch (IOException e) {
            guest.close();
            storage.backEnd().fence();
            throw e;
        }
    }

    /// The cache is the guest's to write, so the guest drops it, before it looks into it.
    private void assign(Channel channel, long number, boolean fastAllowed, boolean dropCache) throws IOException {
        var bootConfig = BootConfigs.of(
                config, storage.aggregateId(), storage.flusher().summary(), failedStarts.inARow(), dropCache);
        var message = new ChannelMessage.Assign(config.name(), number, storage.region().control().epoch(),
                (int) ProcessHandle.current().pid(), fastAllowed, bootConfig.lines());
        try {
            channel.send(message, storage.region().descriptors());
        } catch (PosixException e) {
            // It is dead already; the pidfd says so in a moment.
            events.event("guest.not-assigned", "incarnation", number, "why", String.valueOf(e.getMessage()));
        }
    }

    /// Fences what has ended, takes its last words, and decides.
    private Outcome bury(Incarnation incarnation, GuestWatch watch) {
        storage.listeners().suspend();
        DiskBackEnd.Fenced fenced = storage.backEnd().fence();
        long fencedNs = clock.monotonicNs();
        watch.readPage();
        String how = watch.lastWords();
        int reset = storage.listeners().resetUnacknowledged();
        consistencyPoints.guestGone();
        adminRequests.guestGone();
        events.event("guest.fenced", "incarnation", incarnation.number(), "how", how, "epoch", fenced.epoch(),
                "writes_in_flight", fenced.writesInFlight(), "reads_in_flight", fenced.readsInFlight(),
                "connections_reset", reset, "detected_to_fenced_us", (fencedNs - incarnation.endedNs()) / 1000);
        Verdict verdict = decide(incarnation, watch, how);
        incarnation.ended(how);
        board.retired(incarnation,
                board.isStopWanted() ? DomainStatus.State.STOPPED : DomainStatus.State.RESTARTING);
        incarnation.channel().close();
        incarnation.guest().close();
        if (!awaitReads()) {
            verdict = new Verdict.Leave("disk reads of guest " + incarnation.number() + " do not end", true);
        }
        Map<String, Long> stampsNs = new LinkedHashMap<>();
        if (incarnation.killedNs() != 0) {
            stampsNs.put("killed", incarnation.killedNs());
        }
        stampsNs.put("detected", incarnation.endedNs());
        stampsNs.put("fenced", clock.monotonicNs());
        return new Outcome(verdict, how, stampsNs);
    }

    private Verdict decide(Incarnation incarnation, GuestWatch watch, String how) {
        if (board.isStopWanted()) {
            return new Verdict.Leave(board.isStoppedInOrder() ? "stopped" : "killed while stopping", false);
        }
        if (how.equals(new ExitStatus.Exited(GuestExit.CANNOT_SERVE).toString())) {
            return new Verdict.Leave(DomainStatus.CANNOT_SERVE + withFiles(watch.cannotServeBecause()), true);
        }
        long listeningNs = incarnation.isListening() ? incarnation.stampOf("listening") : 0;
        long answers = storage.region().heartbeat().counter(Counter.ANSWERS);
        return failedStarts.decide(new FailedStarts.End(
                incarnation.isKillAsked(), listeningNs, incarnation.endedNs(), answers, how));
    }

    /// A guest knows its disks by their slots; people know their files.
    private String withFiles(String text) {
        String named = text;
        for (int slot = 0; slot < config.disks().size(); slot++) {
            DiskConfig disk = config.disks().get(slot);
            named = named.replace("disk in slot " + slot + ",", "disk " + disk.name() + " (" + disk.file() + "),");
        }
        return named;
    }

    private boolean awaitReads() {
        try {
            return storage.backEnd().awaitUnlistedReads(UNLISTED_READS_MS);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
