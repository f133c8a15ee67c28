package hearth.domain0.domain;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Epoll;
import hearth.base.posix.ExitStatus;
import hearth.base.posix.PosixException;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.disk.DiskBackEnd;
import hearth.domain0.state.DataDirectory;
import hearth.hypervisor.Guest;
import hearth.hypervisor.GuestSpec;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.channel.GuestExit;
import hearth.memory.region.Counter;
import hearth.memory.ring.IoSection;

/// The thread that lives a domain: spawns an incarnation, watches it until its end, fences it, decides, and begins
/// again. Other threads ask for things by the methods below, which return at once.
final class DomainLife implements Runnable, AutoCloseable {
    private static final int TICK_MS = 100;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long BOOT_MS_MAX = 120_000;
    private static final long UNKILLABLE_MS = 30_000;
    private static final long CHANNEL_GRACE_MS = 1000;
    private static final long UNLISTED_READS_MS = 30_000;
    private static final long RESTART_CONSISTENCY_POINT_MS = 10_000;
    private static final int TIMELINES_MAX = 1000;
    private static final int EVENTS_MAX = 8;

    private static final String CANNOT_SERVE = "guest.cannot-serve";

    private static final long PIDFD = 1;
    private static final long CHANNEL = 2;
    private static final long WAKE = 3;

    private final ControllerConfig config;
    private final DataDirectory directory;
    private final DomainServices services;
    private final Storage storage;
    private final Clock clock;
    private final Event.Sink events;
    private final FailedStarts failedStarts;
    private final ConsistencyPoints consistencyPoints = new ConsistencyPoints();
    private final int wake;
    private long nextIncarnation;

    // What other threads read, under `this`.
    private final ArrayDeque<Incarnation> past = new ArrayDeque<>();
    private Optional<Incarnation> current = Optional.empty();
    private DomainStatus.State state = DomainStatus.State.STARTING;
    private String stateReason = "";
    private long lastOutageNs = -1;
    private long restarts;
    private boolean ended;

    // What other threads ask for, under `this`.
    private NextBoot nextBoot = NextBoot.FREE;
    private boolean stopWanted;
    private boolean retryWanted;
    private long restartAskedNs;

    private boolean stopSent;
    private String cannotServeBecause = "";
    private boolean stoppedInOrder;
    private long stopDeadlineNs;
    private long channelEndedNs;

    DomainLife(ControllerConfig config, DataDirectory directory, DomainServices services, Storage storage)
            throws PosixException {
        this.config = config;
        this.directory = directory;
        this.services = services;
        this.storage = storage;
        this.clock = services.clock();
        this.events = services.events();
        failedStarts = new FailedStarts(config.restart());
        nextIncarnation = storage.firstIncarnation();
        wake = Epoll.eventFd();
    }

    // ---- asked for by other threads

    /// SIGKILL now; the next incarnation follows. The one that was killed, if one ran.
    Optional<Incarnation> kill(NextBoot next) throws PosixException {
        Optional<Incarnation> target;
        synchronized (this) {
            nextBoot = next;
            target = current;
        }
        if (target.isPresent()) {
            target.get().killAsked(clock.monotonicNs());
        }
        retry();
        return target;
    }

    /// A consistency point, then a kill; the next incarnation follows. A FAILED domain tries again.
    void restart(NextBoot next) throws PosixException {
        synchronized (this) {
            nextBoot = next;
            if (current.isPresent()) {
                restartAskedNs = clock.monotonicNs();
                consistencyPoints.want(true);
            }
        }
        retry();
    }

    private void retry() throws PosixException {
        synchronized (this) {
            retryWanted = state == DomainStatus.State.FAILED;
            notifyAll();
        }
        Epoll.signal(wake);
    }

    /// An orderly end; no incarnation follows.
    void stop() throws PosixException {
        synchronized (this) {
            stopWanted = true;
            notifyAll();
        }
        Epoll.signal(wake);
    }

    /// A consistency point; the answer comes when it is done or the guest is gone.
    CompletableFuture<ConsistencyPoints.Done> consistencyPoint() throws PosixException {
        CompletableFuture<ConsistencyPoints.Done> answer = consistencyPoints.want(false);
        if (current().isEmpty()) {
            consistencyPoints.guestGone();
        }
        Epoll.signal(wake);
        return answer;
    }

    synchronized Optional<Incarnation> current() {
        return current;
    }

    synchronized List<Timeline> timelines() {
        List<Timeline> timelines = new ArrayList<>();
        past.forEach(incarnation -> timelines.add(incarnation.timeline()));
        current.ifPresent(incarnation -> timelines.add(incarnation.timeline()));
        return timelines;
    }

    synchronized DomainStatus.State state() {
        return state;
    }

    synchronized String stateReason() {
        return stateReason;
    }

    synchronized long lastOutageNs() {
        return lastOutageNs;
    }

    synchronized long restarts() {
        return restarts;
    }

    /// Whether the thread has done its last step.
    synchronized boolean isEnded() {
        return ended;
    }

    synchronized boolean stoppedInOrder() {
        return stoppedInOrder;
    }

    /// Waits until the domain listens, has failed or has stopped; true when it listens.
    synchronized boolean awaitListening(long timeoutMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutMs * NS_PER_MS;
        while (state != DomainStatus.State.LISTENING) {
            long leftMs = (deadlineNs - System.nanoTime()) / NS_PER_MS;
            if (ended || state == DomainStatus.State.FAILED || leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    /// The same for an incarnation after `number`.
    synchronized boolean awaitSuccessor(long number, long timeoutMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutMs * NS_PER_MS;
        while (state != DomainStatus.State.LISTENING || current.isEmpty() || current.get().number() <= number) {
            long leftMs = (deadlineNs - System.nanoTime()) / NS_PER_MS;
            if (ended || state == DomainStatus.State.FAILED || leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    synchronized void awaitEnd(long timeoutMs) throws InterruptedException {
        if (!ended && timeoutMs > 0) {
            wait(timeoutMs);
        }
    }

    private synchronized void enter(DomainStatus.State next, String reason) {
        state = next;
        stateReason = reason;
        notifyAll();
    }

    // ---- the thread

    @Override
    public void run() {
        try {
            live();
        } finally {
            synchronized (this) {
                ended = true;
                if (state != DomainStatus.State.FAILED) {
                    state = DomainStatus.State.STOPPED;
                }
                notifyAll();
            }
        }
    }

    /// Gives the wake descriptor back. The thread has ended and nobody asks for anything any more.
    @Override
    public void close() {
        Descriptors.close(wake);
    }

    private void live() {
        Verdict verdict = new Verdict.Restart(true);
        String reason = "host start";
        Map<String, Long> stamps = new LinkedHashMap<>();
        while (true) {
            switch (verdict) {
                case Verdict.Leave(String why, boolean failed) -> {
                    if (!failed || !awaitRetry(why)) {
                        return;
                    }
                    failedStarts.forget();
                    reason = "retry asked for";
                    verdict = new Verdict.Restart(false);
                }
                case Verdict.Restart(boolean fastAllowed) -> {
                    if (isStopWanted()) {
                        return;
                    }
                    stamps = new LinkedHashMap<>(stamps);
                    Outcome outcome = liveOnce(fastAllowed, reason, stamps);
                    verdict = outcome.verdict();
                    reason = outcome.how();
                    stamps = outcome.stamps();
                }
            }
        }
    }

    private record Outcome(Verdict verdict, String how, Map<String, Long> stamps) {}

    private synchronized boolean isStopWanted() {
        return stopWanted;
    }

    private synchronized boolean awaitRetry(String why) {
        enter(DomainStatus.State.FAILED, why);
        event("domain.failed", "why", why);
        while (!retryWanted && !stopWanted) {
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        retryWanted = false;
        if (!stopWanted) {
            enter(DomainStatus.State.RESTARTING, "");
        }
        return !stopWanted;
    }

    private Outcome liveOnce(boolean fastAllowed, String reason, Map<String, Long> stampsBefore) {
        Incarnation incarnation;
        try {
            incarnation = spawn(fastAllowed, reason, stampsBefore);
        } catch (IOException e) {
            String how = "not started: " + e.getMessage();
            event("guest.not-started", "why", String.valueOf(e.getMessage()));
            var end = new FailedStarts.End(false, 0, clock.monotonicNs(), 0, how);
            return new Outcome(failedStarts.decide(end), how, Map.of());
        }
        boolean dead = watch(incarnation);
        return bury(incarnation, dead);
    }

    private Incarnation spawn(boolean fastAllowed, String reason, Map<String, Long> stampsBefore) throws IOException {
        long number = nextIncarnation++;
        storage.useIncarnation(number);
        var control = storage.region().control();
        NextBoot wanted = takeNextBoot();
        control.setIncarnation(number);
        Guest guest = services.driver().start(new GuestSpec(config.name(), number,
                services.program().command(config.guest()), directory.logs().resolve("guest-" + config.name() + ".log"),
                services.program().readOnly()));
        try {
            var channel = new Channel(Descriptors.duplicate(guest.channel()));
            var incarnation = new Incarnation(number, guest, channel, reason, stampsBefore);
            synchronized (this) {
                current = Optional.of(incarnation);
            }
            storage.backEnd().open(control.epoch());
            assign(channel, number, fastAllowed && !wanted.conventional(), !fastAllowed || wanted.dropCache());
            event("guest.spawned", "incarnation", number, "pid", guest.pid(), "epoch", control.epoch());
            return incarnation;
        } catch (IOException e) {
            synchronized (this) {
                current = Optional.empty();
            }
            guest.close();
            storage.backEnd().fence();
            throw e;
        }
    }

    private synchronized NextBoot takeNextBoot() {
        NextBoot wanted = nextBoot;
        nextBoot = NextBoot.FREE;
        return wanted;
    }

    /// The cache is the guest's to write, so the guest drops it, before it looks into it.
    private void assign(Channel channel, long number, boolean fastAllowed, boolean dropCache) throws IOException {
        var message = new ChannelMessage.Assign(config.name(), number, storage.region().control().epoch(),
                (int) ProcessHandle.current().pid(), fastAllowed,
                BootConfigs.of(config, storage.aggregateId(), storage.flusher().summary(), failedStarts.inARow(),
                        dropCache).lines());
        try {
            channel.send(message, storage.region().descriptors());
        } catch (PosixException e) {
            // It is dead already; the pidfd says so in a moment.
            event("guest.not-assigned", "incarnation", number, "why", String.valueOf(e.getMessage()));
        }
    }

    // ---- watching

    /// Until the guest has ended; false when it cannot be ended.
    private boolean watch(Incarnation incarnation) {
        channelEndedNs = 0;
        stopSent = false;
        cannotServeBecause = "it does not say why; see its log";
        try (Arena arena = Arena.ofConfined()) {
            int epoll = Epoll.create();
            try {
                Epoll.add(epoll, incarnation.guest().pidfd(), Epoll.EPOLLIN, PIDFD);
                Epoll.add(epoll, incarnation.channel().fd(), Epoll.EPOLLIN, CHANNEL);
                Epoll.add(epoll, wake, Epoll.EPOLLIN, WAKE);
                MemorySegment ready = arena.allocate((long) EVENTS_MAX * Epoll.EVENT_SIZE, Long.BYTES);
                return watch(incarnation, epoll, ready);
            } finally {
                Descriptors.close(epoll);
            }
        } catch (PosixException e) {
            throw Check.failed("watching guest " + incarnation.number() + ": " + e.getMessage());
        }
    }

    private boolean watch(Incarnation incarnation, int epoll, MemorySegment ready) throws PosixException {
        while (true) {
            int count = Epoll.await(epoll, ready, EVENTS_MAX, TICK_MS);
            long nowNs = clock.monotonicNs();
            for (int i = 0; i < count; i++) {
                if (Epoll.data(ready, i) == PIDFD) {
                    incarnation.hasEnded(nowNs);
                    return true;
                }
            }
            for (int i = 0; i < count; i++) {
                if (Epoll.data(ready, i) == WAKE) {
                    Epoll.drain(wake);
                } else if (channelEndedNs == 0 && !receive(incarnation, nowNs)) {
                    // A dying guest's channel ends a little before its process does.
                    channelEndedNs = nowNs;
                    Epoll.remove(epoll, incarnation.channel().fd());
                }
            }
            tick(incarnation, nowNs);
            long killedNs = incarnation.killedNs();
            if (killedNs != 0 && nowNs - killedNs > UNKILLABLE_MS * NS_PER_MS) {
                return false;
            }
        }
    }

    /// One message; false when there will be none any more.
    private boolean receive(Incarnation incarnation, long nowNs) throws PosixException {
        try {
            Optional<Channel.Received> received = incarnation.channel().receive();
            received.ifPresent(Channel.Received::closeDescriptors);
            if (received.isEmpty()) {
                return false;
            }
            if (received.get().message() instanceof ChannelMessage.FromGuest message) {
                heard(incarnation, message, nowNs);
                return true;
            }
            killBecause(incarnation, "a message that only domain 0 sends", nowNs);
            return true;
        } catch (IOException e) {
            killBecause(incarnation, String.valueOf(e.getMessage()), nowNs);
            return false;
        }
    }

    private void heard(Incarnation incarnation, ChannelMessage.FromGuest message, long nowNs) {
        switch (message) {
            case ChannelMessage.Hello(int pid, int version) ->
                event("guest.hello", "incarnation", incarnation.number(), "pid", pid, "version", version);
            case ChannelMessage.Attached() -> incarnation.stamp("attached", nowNs);
            case ChannelMessage.Listening(String plan, String why) -> listens(incarnation, plan, why, nowNs);
            case ChannelMessage.ConnectionTaken(long id) -> storage.listeners().taken(id);
            case ChannelMessage.ConsistencyPointDone(long id, boolean ok, String text) ->
                consistencyPoints.done(id, ok, text);
            case ChannelMessage.Stopped(long _) -> stopped();
            case ChannelMessage.EventLine(String text) -> said(incarnation, text);
            case ChannelMessage.FirstReply() -> {
                incarnation.stamp("firstReply", nowNs);
                readPage(incarnation);
            }
            // Nothing is given back: what is gone from the region is a declared loss.
            case ChannelMessage.JournalWanted(long from, long to) -> say(incarnation,
                    new ChannelMessage.JournalRecords(from, to, false, new byte[0]));
        }
    }

    private void said(Incarnation incarnation, String text) {
        Event event = GuestEvents.parse(clock, config.name(), incarnation.number(), text);
        if (event.name().equals(CANNOT_SERVE)) {
            cannotServeBecause = String.valueOf(event.fields().get("why"));
        }
        events.accept(event);
    }

    private void listens(Incarnation incarnation, String plan, String why, long nowNs) {
        incarnation.listens(plan, why, nowNs);
        if (incarnation.endedNs() != 0) {
            // Its last words: it listened, and nobody connects to it any more.
            return;
        }
        storage.listeners().serve(incarnation.channel());
        readPage(incarnation);
        Timeline timeline = incarnation.timeline();
        long diedNs = Math.min(timeline.stampsNs().getOrDefault("killed", Long.MAX_VALUE),
                timeline.stampsNs().getOrDefault("detected", Long.MAX_VALUE));
        long listeningNs = timeline.stampsNs().getOrDefault("listening", nowNs);
        synchronized (this) {
            if (diedNs != Long.MAX_VALUE) {
                lastOutageNs = listeningNs - diedNs;
            }
        }
        enter(DomainStatus.State.LISTENING, "");
        event("guest.listening", "incarnation", incarnation.number(), "plan", plan, "reason", why, "outage_us",
                diedNs == Long.MAX_VALUE ? 0 : (listeningNs - diedNs) / 1000, "probes", timeline.probesByHost());
        if (!timeline.probesByGuest().equals(timeline.probesByHost())) {
            event("probes.disagree", "incarnation", incarnation.number(), "guest", timeline.probesByGuest(), "host",
                    timeline.probesByHost());
        }
    }

    private void readPage(Incarnation incarnation) {
        List<Long> byHost = new ArrayList<>();
        var counts = storage.backEnd().counts();
        for (int section = 0; section < Incarnation.PROBE_SECTIONS; section++) {
            byHost.add(counts.of(IoSection.values()[section]));
        }
        incarnation.read(storage.region().heartbeat(), byHost);
    }

    private synchronized void stopped() {
        stoppedInOrder = stopSent;
    }

    private void tick(Incarnation incarnation, long nowNs) throws PosixException {
        storage.flusher().check(nowNs);
        if (incarnation.isListening()) {
            consistencyPoints.unsent().forEach(id -> say(incarnation, new ChannelMessage.RequestConsistencyPoint(id)));
        }
        if (storage.labels().takeNonsense()) {
            killBecause(incarnation, "its disk ring makes no sense", nowNs);
        }
        if (channelEndedNs != 0 && nowNs - channelEndedNs > CHANNEL_GRACE_MS * NS_PER_MS) {
            killBecause(incarnation, "it closed its channel", nowNs);
        }
        if (!incarnation.isListening() && nowNs - incarnation.guest().spawnedNs() > BOOT_MS_MAX * NS_PER_MS) {
            killBecause(incarnation, "it did not listen within " + BOOT_MS_MAX + " ms", nowNs);
        }
        boolean restartNow;
        boolean stop;
        synchronized (this) {
            stop = stopWanted;
            restartNow = restartAskedNs != 0 && (consistencyPoints.isRestartDue()
                    || nowNs - restartAskedNs > RESTART_CONSISTENCY_POINT_MS * NS_PER_MS);
            restartAskedNs = restartNow ? 0 : restartAskedNs;
        }
        if (restartNow) {
            incarnation.killAsked(nowNs);
        }
        if (stop && !stopSent) {
            stopSent = true;
            stopDeadlineNs = nowNs + config.restart().stopTimeoutMs() * NS_PER_MS;
            storage.listeners().suspend();
            say(incarnation, new ChannelMessage.Stop(incarnation.number()));
        } else if (stop && nowNs > stopDeadlineNs) {
            killBecause(incarnation, "it did not stop within " + config.restart().stopTimeoutMs() + " ms", nowNs);
        }
    }

    private void killBecause(Incarnation incarnation, String why, long nowNs) throws PosixException {
        if (incarnation.killedNs() == 0) {
            event("guest.killed", "incarnation", incarnation.number(), "why", why);
        }
        incarnation.kill(nowNs);
    }

    private void say(Incarnation incarnation, ChannelMessage message) {
        try {
            incarnation.channel().send(message);
        } catch (IOException e) {
            event("guest.not-told", "incarnation", incarnation.number(), "why", String.valueOf(e.getMessage()));
        }
    }

    // ---- afterwards

    /// Fences what has ended, takes its last words, and decides.
    private Outcome bury(Incarnation incarnation, boolean dead) {
        storage.listeners().suspend();
        if (!dead) {
            return new Outcome(new Verdict.Leave("guest " + incarnation.number() + " cannot be killed", true),
                    "cannot be killed", Map.of());
        }
        DiskBackEnd.Fenced fenced = storage.backEnd().fence();
        long fencedNs = clock.monotonicNs();
        readPage(incarnation);
        String how = lastWords(incarnation);
        boolean cannotServe = how.equals(new ExitStatus.Exited(GuestExit.CANNOT_SERVE).toString());
        int reset = storage.listeners().resetUnacknowledged();
        consistencyPoints.guestGone();
        long detectedNs = incarnation.endedNs();
        long answers = storage.region().heartbeat().counter(Counter.ANSWERS);
        boolean inOrder = stoppedInOrder();
        event("guest.fenced", "incarnation", incarnation.number(), "how", how, "epoch", fenced.epoch(),
                "writes_in_flight", fenced.writesInFlight(), "reads_in_flight", fenced.readsInFlight(),
                "connections_reset", reset, "detected_to_fenced_us", (fencedNs - detectedNs) / 1000);
        boolean stop = isStopWanted();
        long listeningNs = incarnation.isListening() ? incarnation.stampOf("listening") : 0;
        var end = new FailedStarts.End(incarnation.isKillAsked(), listeningNs, detectedNs, answers, how);
        Verdict verdict;
        if (stop) {
            verdict = new Verdict.Leave(inOrder ? "stopped" : "killed while stopping", false);
        } else if (cannotServe) {
            verdict = new Verdict.Leave("the guest cannot serve: " + cannotServeBecause, true);
        } else {
            verdict = failedStarts.decide(end);
        }
        incarnation.ended(how);
        retire(incarnation, stop ? DomainStatus.State.STOPPED : DomainStatus.State.RESTARTING);
        if (!awaitReads()) {
            verdict = new Verdict.Leave("disk reads of guest " + incarnation.number() + " do not end", true);
        }
        Map<String, Long> stamps = new LinkedHashMap<>();
        if (incarnation.killedNs() != 0) {
            stamps.put("killed", incarnation.killedNs());
        }
        stamps.put("detected", detectedNs);
        stamps.put("fenced", clock.monotonicNs());
        return new Outcome(verdict, how, stamps);
    }

    private boolean awaitReads() {
        try {
            return storage.backEnd().awaitUnlistedReads(UNLISTED_READS_MS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private String lastWords(Incarnation incarnation) {
        String how;
        try {
            // What it said before it died is still in the socket.
            while (channelEndedNs == 0 && receive(incarnation, clock.monotonicNs())) {
                Check.that(true, "messages end with the guest");
            }
            how = incarnation.guest().reap().toString();
        } catch (PosixException e) {
            how = "unknown: " + e.getMessage();
        }
        return incarnation.isKillAsked() ? how + " (asked for)" : how;
    }

    private void retire(Incarnation incarnation, DomainStatus.State next) {
        synchronized (this) {
            current = Optional.empty();
            restartAskedNs = 0;
            past.addLast(incarnation);
            if (past.size() > TIMELINES_MAX) {
                past.removeFirst();
            }
            restarts += next == DomainStatus.State.RESTARTING ? 1 : 0;
        }
        enter(next, "");
        incarnation.channel().close();
        incarnation.guest().close();
    }

    private void event(String name, Object... keysAndValues) {
        Object[] all = new Object[keysAndValues.length + 2];
        all[0] = "domain";
        all[1] = config.name();
        System.arraycopy(keysAndValues, 0, all, 2, keysAndValues.length);
        events.accept(Event.of(clock, name, all));
    }
}
