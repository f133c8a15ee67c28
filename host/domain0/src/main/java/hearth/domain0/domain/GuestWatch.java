package hearth.domain0.domain;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Epoll;
import hearth.base.posix.PosixException;
import hearth.domain0.config.RestartConfig;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.ring.IoSection;

/// Watches one incarnation until its end: hears what it says, passes on what others want of it, and kills it when it
/// breaks the rules. Used by the domain's thread alone.
final class GuestWatch {
    private static final int TICK_MS = 100;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long BOOT_MS_MAX = 120_000;
    private static final long UNKILLABLE_MS = 30_000;
    private static final long CHANNEL_GRACE_MS = 1000;
    private static final long RESTART_CONSISTENCY_POINT_MS = 10_000;
    private static final int EVENTS_MAX = 8;
    private static final String CANNOT_SERVE = "guest.cannot-serve";

    private static final long PIDFD = 1;
    private static final long CHANNEL = 2;
    private static final long WAKE = 3;

    private final Incarnation incarnation;
    private final RestartConfig config;
    private final Storage storage;
    private final LifeBoard board;
    private final ConsistencyPoints consistencyPoints;
    private final AdminRequests adminRequests;
    private final DomainEvents events;
    private final Clock clock;
    private final int wake;

    // Put in by the fetcher's thread.
    private final ConcurrentLinkedQueue<ChannelMessage.JournalPiece> fetched = new ConcurrentLinkedQueue<>();
    private boolean pieceWanted;
    private boolean channelEnded;
    private long channelEndedNs;
    private long watchedSinceNs;
    private boolean stopSent;
    private long stopDeadlineNs;
    private String cannotServeBecause = "it does not say why; see its log";

    /// @param wake an event descriptor that is signalled when others want something
    GuestWatch(Incarnation incarnation, RestartConfig config, Storage storage, LifeBoard board,
            ConsistencyPoints consistencyPoints, AdminRequests adminRequests, DomainEvents events, Clock clock,
            int wake) {
        this.incarnation = incarnation;
        this.config = config;
        this.storage = storage;
        this.board = board;
        this.consistencyPoints = consistencyPoints;
        this.adminRequests = adminRequests;
        this.events = events;
        this.clock = clock;
        this.wake = wake;
    }

    /// Until the guest has ended; false when it was killed and does not end. May be called again then.
    boolean awaitEnd() {
        watchedSinceNs = clock.monotonicNs();
        try (Arena arena = Arena.ofConfined()) {
            int epoll = Epoll.create();
            try {
                Epoll.add(epoll, incarnation.guest().pidfd(), Epoll.EPOLLIN, PIDFD);
                if (!channelEnded) {
                    Epoll.add(epoll, incarnation.channel().fd(), Epoll.EPOLLIN, CHANNEL);
                }
                Epoll.add(epoll, wake, Epoll.EPOLLIN, WAKE);
                return watch(epoll, arena.allocate((long) EVENTS_MAX * Epoll.EVENT_SIZE, Long.BYTES));
            } finally {
                Descriptors.close(epoll);
            }
        } catch (PosixException e) {
            throw Check.failed("watching guest " + incarnation.number() + ": " + e.getMessage());
        }
    }

    private boolean watch(int epoll, MemorySegment ready) throws PosixException {
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
                } else if (!channelEnded && !receive(nowNs)) {
                    // A dying guest's channel ends a little before its process does.
                    channelEnded = true;
                    channelEndedNs = nowNs;
                    Epoll.remove(epoll, incarnation.channel().fd());
                }
            }
            checkRules(nowNs);
            passOn(nowNs);
            long killedNs = incarnation.killedNs();
            if (killedNs != 0 && nowNs - Math.max(killedNs, watchedSinceNs) > UNKILLABLE_MS * NS_PER_MS) {
                return false;
            }
        }
    }

    /// One message; false when there will be none any more.
    private boolean receive(long nowNs) throws PosixException {
        try {
            Optional<Channel.Received> received = incarnation.channel().receive();
            received.ifPresent(Channel.Received::closeDescriptors);
            if (received.isEmpty()) {
                return false;
            }
            if (received.get().message() instanceof ChannelMessage.FromGuest message) {
                heard(message, nowNs);
                return true;
            }
            kill("a message that only domain 0 sends", nowNs);
            return true;
        } catch (IOException e) {
            kill(String.valueOf(e.getMessage()), nowNs);
            return false;
        }
    }

    private void heard(ChannelMessage.FromGuest message, long nowNs) throws PosixException {
        switch (message) {
            case ChannelMessage.Hello(int pid, int version) ->
                events.event("guest.hello", "incarnation", incarnation.number(), "pid", pid, "version", version);
            case ChannelMessage.Attached() -> incarnation.stamp("attached", nowNs);
            case ChannelMessage.Listening(String plan, String why) -> listens(plan, why, nowNs);
            case ChannelMessage.ConnectionTaken(long id) -> storage.listeners().taken(id);
            case ChannelMessage.ConsistencyPointDone(long id, boolean ok, String text) ->
                consistencyPoints.done(id, ok, text);
            case ChannelMessage.Administered(long id, int outcome, List<String> lines) ->
                adminRequests.done(id, outcome, lines);
            case ChannelMessage.Stopped(long _) -> {
                if (stopSent) {
                    board.stopped();
                }
            }
            case ChannelMessage.EventLine(String text) -> said(text);
            case ChannelMessage.FirstReply() -> {
                incarnation.stamp("firstReply", nowNs);
                readPage();
            }
            case ChannelMessage.JournalWanted(long lsn, int fromByte) -> fetch(lsn, fromByte, nowNs);
        }
    }

    /// The journal is read elsewhere: this thread has to see the guest's end whatever the disks do.
    private void fetch(long lsn, int fromByte, long nowNs) throws PosixException {
        if (pieceWanted) {
            kill("it asks for records and does not wait", nowNs);
            return;
        }
        pieceWanted = true;
        storage.fetcher().want(lsn, fromByte, this::isFetched);
    }

    /// On the fetcher's thread.
    private void isFetched(ChannelMessage.JournalPiece piece) {
        fetched.add(piece);
        try {
            Epoll.signal(wake);
        } catch (PosixException e) {
            throw Check.failed("waking the domain's thread: " + e.getMessage());
        }
    }

    private void giveBack() {
        ChannelMessage piece = fetched.poll();
        if (piece != null) {
            pieceWanted = false;
            say(piece);
        }
    }

    private void said(String text) {
        Event event = events.fromGuest(incarnation.number(), text);
        if (event.name().equals(CANNOT_SERVE)) {
            cannotServeBecause = String.valueOf(event.fields().get("why"));
        }
    }

    private void listens(String plan, String why, long nowNs) {
        incarnation.listens(plan, why, nowNs);
        if (incarnation.endedNs() != 0) {
            // Its last words: it listened, and nobody connects to it any more.
            return;
        }
        storage.fetcher().rest();
        storage.listeners().serve(incarnation.channel());
        readPage();
        Timeline timeline = incarnation.timeline();
        long diedNs = Math.min(timeline.stampsNs().getOrDefault("killed", Long.MAX_VALUE),
                timeline.stampsNs().getOrDefault("detected", Long.MAX_VALUE));
        long outageNs = diedNs == Long.MAX_VALUE ? -1 : timeline.stampsNs().getOrDefault("listening", nowNs) - diedNs;
        board.listens(outageNs);
        events.event("guest.listening", "incarnation", incarnation.number(), "plan", plan, "reason", why, "outage_us",
                outageNs / 1000, "probes", timeline.probesByHost());
        if (!timeline.probesByGuest().equals(timeline.probesByHost())) {
            events.event("probes.disagree", "incarnation", incarnation.number(), "guest", timeline.probesByGuest(),
                    "host", timeline.probesByHost());
        }
    }

    private void checkRules(long nowNs) throws PosixException {
        storage.flusher().check(nowNs);
        if (storage.labels().takeNonsense()) {
            kill("its disk ring makes no sense", nowNs);
        }
        if (channelEnded && nowNs - channelEndedNs > CHANNEL_GRACE_MS * NS_PER_MS) {
            kill("it closed its channel", nowNs);
        }
        if (!incarnation.isListening() && nowNs - incarnation.guest().spawnedNs() > BOOT_MS_MAX * NS_PER_MS) {
            kill("it did not listen within " + BOOT_MS_MAX + " ms", nowNs);
        }
    }

    private void passOn(long nowNs) throws PosixException {
        giveBack();
        if (incarnation.isListening()) {
            consistencyPoints.unsent().forEach(id -> say(new ChannelMessage.RequestConsistencyPoint(id)));
            adminRequests.unsent().forEach(this::say);
        }
        long restartAskedNs = board.restartAskedNs();
        if (restartAskedNs != 0 && (consistencyPoints.isRestartDue()
                || nowNs - restartAskedNs > RESTART_CONSISTENCY_POINT_MS * NS_PER_MS)) {
            board.restartIsUnderWay();
            incarnation.killAsked(nowNs);
        }
        boolean stop = board.isStopWanted();
        if (stop && !stopSent) {
            stopSent = true;
            stopDeadlineNs = nowNs + config.stopTimeoutMs() * NS_PER_MS;
            storage.listeners().suspend();
            say(new ChannelMessage.Stop(incarnation.number()));
        } else if (stop && nowNs > stopDeadlineNs) {
            kill("it did not stop within " + config.stopTimeoutMs() + " ms", nowNs);
        }
    }

    private void kill(String why, long nowNs) throws PosixException {
        if (incarnation.killedNs() == 0) {
            events.event("guest.killed", "incarnation", incarnation.number(), "why", why);
        }
        incarnation.kill(nowNs);
    }

    private void say(ChannelMessage message) {
        try {
            incarnation.channel().send(message);
        } catch (IOException e) {
            events.event("guest.not-told", "incarnation", incarnation.number(), "why", String.valueOf(e.getMessage()));
        }
    }

    /// Takes over what the guest's page says now.
    void readPage() {
        List<Long> byHost = new ArrayList<>();
        var counts = storage.backEnd().counts();
        for (int section = 0; section < Incarnation.PROBE_SECTIONS; section++) {
            byHost.add(counts.of(IoSection.values()[section]));
        }
        incarnation.read(storage.region().heartbeat(), byHost);
    }

    /// After its end: what it said before is still in the socket. Says how it ended.
    String lastWords() {
        String how;
        try {
            while (!channelEnded) {
                channelEnded = !receive(clock.monotonicNs());
            }
            how = incarnation.guest().reap().toString();
        } catch (PosixException e) {
            how = "unknown: " + e.getMessage();
        }
        return incarnation.isKillAsked() ? how + " (asked for)" : how;
    }

    /// Why the guest says that it cannot serve, should it end so.
    String cannotServeBecause() {
        return cannotServeBecause;
    }
}
