package hearth.nmodule.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Units;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Epoll;
import hearth.base.posix.PosixException;
import hearth.base.posix.Sockets;

/// The one thread that waits for all connections: adopts, receives, starts calls within the bounds, goes on sending
/// where the kernel was full, closes. It never waits for a call and never for memory: a connection that meets a bound
/// is set aside and tried again when something was released.
public final class Reactor {
    private static final long WAKE_ID = 0;
    private static final int EVENTS_MAX = 64;
    private static final int RECEIVES_MAX = 8;

    /// Bytes of replies that are made before they are sent.
    private static final int KEPT_BYTES_MAX = 256 * Units.KIB;
    private static final int NEWCOMERS_MAX = 64;
    private static final int TICK_MS = 100;
    private static final int IDLE_TICK_MS = 1_000;

    private final RecordService service;
    private final Clock clock;
    private final NetLimits limits;
    private final FatalHandler fatal;
    private final NetStatistics statistics;
    private final BufferPool inputPool;
    private final BufferPool outputPool;
    private final CallRunner runner;

    private final int epoll;
    private final int wakeFd;
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicInteger admitted = new AtomicInteger();
    private final Queue<Newcomer> newcomers = new ConcurrentLinkedQueue<>();
    private final Queue<Connection> attention = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /// Some connection waits for what others hold.
    private volatile boolean waitsForOthers;

    /// Something was released while one waited.
    private volatile boolean releasedForOthers;

    private volatile boolean started;
    private volatile boolean stopping;
    private volatile long stopDeadlineNs;

    // The reactor's thread only.
    private final Map<Long, Connection> connections = new HashMap<>();
    private final Set<Connection> stalled = new LinkedHashSet<>();
    private long lastId = WAKE_ID;
    private boolean draining;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Newcomer(int fd, byte[] peerAddress) {}

    /// Makes the reactor's descriptors; `start` starts its thread.
    public Reactor(
            RecordService service, Clock clock, NetLimits limits, FatalHandler fatal, NetStatistics statistics)
            throws PosixException {
        this.service = service;
        this.clock = clock;
        this.limits = limits;
        this.fatal = fatal;
        this.statistics = statistics;
        inputPool = new BufferPool(limits.receiveBytesMax());
        outputPool = new BufferPool(limits.sendBytesMax());
        runner = new CallRunner(this, clock, limits, fatal, statistics);
        epoll = Epoll.create();
        wakeFd = Epoll.eventFd();
        Epoll.add(epoll, wakeFd, Epoll.EPOLLIN, WAKE_ID);
    }

    public void start() {
        started = true;
        Thread.ofPlatform().name("net-reactor").daemon(true).start(this::run);
    }

    /// Takes over a connected, non-blocking TCP socket: the descriptor is the reactor's from here on. When there are
    /// too many connections, the one that has been silent longest is closed for it, or it is closed itself if all
    /// others have calls running: connections of clients that vanished must not keep new ones out. Any thread.
    ///
    /// @param peerAddress 4 or 16 bytes
    public void adopt(int socketFd, byte[] peerAddress) {
        Check.that(peerAddress.length == 4 || peerAddress.length == 16, "peer address", peerAddress.length);
        if (admitted.incrementAndGet() > limits.connectionsMax() + NEWCOMERS_MAX || stopping) {
            admitted.decrementAndGet();
            statistics.refusedConnection();
            Descriptors.close(socketFd);
            return;
        }
        newcomers.add(new Newcomer(socketFd, peerAddress));
        wake();
    }

    /// Stops reading, lets calls that run finish and their replies be sent, closes all connections, and ends the
    /// thread; what is not done after `boundMs` is cut off. Waits for it. Any thread but the reactor's.
    public void stop(int boundMs) throws InterruptedException {
        stopDeadlineNs = clock.monotonicNs() + TimeUnit.MILLISECONDS.toNanos(boundMs);
        stopping = true;
        wake();
        if (started) {
            ended.await();
        }
    }

    /// Memory that all connections hold.
    long leasedBytes() {
        return inputPool.takenBytes() + outputPool.takenBytes();
    }

    /// Something of `connection` went back, or it changed: looks whether the reactor has to do something. Any thread.
    void released(Connection connection) {
        if (connection.broken
                || (connection.draining && connection.isQuiet())
                || (connection.stalled && connection.hasRoomAgain(limits))) {
            attend(connection);
        }
        if (waitsForOthers && !releasedForOthers) {
            releasedForOthers = true;
            wake();
        }
    }

    private void attend(Connection connection) {
        if (connection.attention.compareAndSet(false, true)) {
            attention.add(connection);
            wake();
        }
    }

    private void wake() {
        if (signalled.compareAndSet(false, true)) {
            try {
                Epoll.signal(wakeFd);
            } catch (PosixException e) {
                fatal.fatal("waking the reactor", e);
            }
        }
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            var events = arena.allocate((long) EVENTS_MAX * Epoll.EVENT_SIZE, 8);
            while (!(draining && connections.isEmpty())) {
                int count = Epoll.await(epoll, events, EVENTS_MAX, timeoutMs());
                for (int i = 0; i < count; i++) {
                    dispatch(Epoll.data(events, i), Epoll.events(events, i));
                }
                if (stopping) {
                    drain();
                }
                housekeeping();
            }
            // The event descriptor stays: a late wake-up must not reach a descriptor of somebody else's.
            Descriptors.close(epoll);
            adoptNewcomers();
        } catch (Throwable t) {
            fatal.fatal("reactor", t);
        } finally {
            ended.countDown();
        }
    }

    private int timeoutMs() {
        return stalled.isEmpty() && !draining ? IDLE_TICK_MS : TICK_MS;
    }

    private void dispatch(long id, int events) throws PosixException {
        if (id == WAKE_ID) {
            Epoll.drain(wakeFd);
            // Before the queues are looked at: what is added later signals again.
            signalled.set(false);
            adoptNewcomers();
            attendAll();
            return;
        }
        var connection = connections.get(id);
        if (connection == null) {
            return;
        }
        if ((events & (Epoll.EPOLLERR | Epoll.EPOLLHUP)) != 0) {
            close(connection);
            return;
        }
        if ((events & Epoll.EPOLLOUT) != 0) {
            try {
                connection.replies.writable();
            } catch (PosixException e) {
                close(connection);
                return;
            }
            released(connection);
        }
        if ((events & Epoll.EPOLLIN) != 0) {
            read(connection);
        }
    }

    private void adoptNewcomers() {
        for (var newcomer = newcomers.poll(); newcomer != null; newcomer = newcomers.poll()) {
            if (stopping || !placeIsFree()) {
                admitted.decrementAndGet();
                statistics.refusedConnection();
                Descriptors.close(newcomer.fd());
            } else {
                open(newcomer);
            }
        }
    }

    private boolean placeIsFree() {
        if (connections.size() >= limits.connectionsMax()) {
            connections.values().stream()
                    .filter(Connection::isQuiet)
                    .min(Comparator.comparingLong(c -> c.receivedNs))
                    .ifPresent(silent -> {
                        statistics.evicted();
                        close(silent);
                    });
        }
        return connections.size() < limits.connectionsMax();
    }

    private void open(Newcomer newcomer) {
        long id = ++lastId;
        var interest = new Interest(epoll, newcomer.fd(), id);
        var socket = new SendQueue.Socket(newcomer.fd(), interest, statistics, clock);
        var connection = new Connection(
                id, newcomer.peerAddress(), limits, inputPool, outputPool, socket, this::released);
        connection.receivedNs = clock.monotonicNs();
        connections.put(id, connection);
        statistics.opened();
        try {
            Sockets.noDelay(newcomer.fd());
            interest.begin();
        } catch (PosixException e) {
            close(connection);
        }
    }

    private void attendAll() {
        for (var connection = attention.poll(); connection != null; connection = attention.poll()) {
            connection.attention.set(false);
            if (connections.get(connection.id) != connection) {
                continue;
            }
            if (connection.broken || (connection.draining && connection.isQuiet())) {
                close(connection);
            } else if (connection.stalled) {
                retry(connection);
            }
        }
    }

    /// Receives and starts calls until nothing is there, a bound is reached, or others should have their turn; then
    /// the replies that were made on the way leave together.
    private void read(Connection connection) {
        try {
            receiveAndStart(connection);
            connection.replies.flush();
            if (connection.draining && connection.isQuiet()) {
                close(connection);
            }
        } catch (PosixException e) {
            // Reset by the client, or timed out.
            close(connection);
        }
    }

    private void receiveAndStart(Connection connection) throws PosixException {
        for (int i = 0; i < RECEIVES_MAX; i++) {
            if (!startCalls(connection) || connection.draining) {
                return;
            }
            var room = roomOf(connection);
            if (room.isEmpty() || !receive(connection, room.get())) {
                return;
            }
        }
        startCalls(connection);
    }

    /// Where to receive; nothing when the connection was set aside.
    private Optional<MemorySegment> roomOf(Connection connection) {
        var room = connection.records.room();
        while (room.isEmpty()) {
            boolean others = !connection.input.exceedsOwnBound(connection.records.neededBytes());
            if (connection.stalled && (!others || connection.waitsForOthers)) {
                return room;
            }
            aside(connection, others);
            room = connection.records.room();
        }
        goOn(connection);
        return room;
    }

    /// Returns whether more may be there.
    private boolean receive(Connection connection, MemorySegment room) throws PosixException {
        int count = Sockets.receiveInto(connection.fd, room);
        if (count == 0) {
            endOfStream(connection);
            return false;
        }
        if (count > 0) {
            connection.receivedNs = clock.monotonicNs();
            connection.records.received(count);
            statistics.received(count);
            if (count == room.byteSize()) {
                return true;
            }
            startCalls(connection);
        }
        if (!connection.stalled) {
            connection.records.idle();
        }
        return false;
    }

    /// The client sends no more; what it has asked is answered first.
    private void endOfStream(Connection connection) {
        connection.draining = true;
        connection.interest.read(false);
        if (connection.isQuiet()) {
            close(connection);
        }
    }

    /// Starts what has been received whole. Returns false when the connection was set aside or closed.
    private boolean startCalls(Connection connection) throws PosixException {
        while (true) {
            if (connection.pending.isEmpty()) {
                var next = connection.records.next();
                if (next instanceof RecordAssembler.Next.Incomplete) {
                    return true;
                }
                // What is no record, or no call, cannot be answered, and nothing behind it can be found.
                if (!(next instanceof RecordAssembler.Next.Whole whole) || !prepare(connection, whole)) {
                    close(connection);
                    return false;
                }
            }
            if (!startPending(connection)) {
                return false;
            }
        }
    }

    private boolean prepare(Connection connection, RecordAssembler.Next.Whole record) {
        var call = service.prepare(connection.peerAddress, record.bytes());
        if (call.isEmpty()) {
            record.lease().release();
            return false;
        }
        connection.pending = Optional.of(new Connection.Pending(call.get(), record.lease()));
        return true;
    }

    /// Starts the pending call or sets the connection aside.
    private boolean startPending(Connection connection) throws PosixException {
        var admission = runner.tryStart(connection);
        if (admission != CallRunner.Admission.STARTED || connection.keptBytes >= KEPT_BYTES_MAX) {
            connection.keptBytes = 0;
            connection.replies.flush();
            if (admission != CallRunner.Admission.STARTED) {
                admission = runner.tryStart(connection);
            }
        }
        while (admission != CallRunner.Admission.STARTED) {
            boolean others = admission == CallRunner.Admission.OTHERS;
            if (connection.stalled && (!others || connection.waitsForOthers)) {
                return false;
            }
            // And once more: a release before the connection was seen to wait would be missed.
            aside(connection, others);
            admission = runner.tryStart(connection);
        }
        goOn(connection);
        return true;
    }

    /// Stops reading from the connection until something is released.
    private void aside(Connection connection, boolean untilOthersRelease) {
        if (!connection.stalled) {
            connection.stalledSinceNs = clock.monotonicNs();
            connection.stalled = true;
            connection.interest.read(false);
            stalled.add(connection);
            statistics.paused();
        }
        if (untilOthersRelease) {
            connection.waitsForOthers = true;
            waitsForOthers = true;
        }
    }

    private void goOn(Connection connection) {
        if (!connection.stalled) {
            return;
        }
        connection.stalled = false;
        connection.waitsForOthers = false;
        stalled.remove(connection);
        connection.interest.read(!connection.draining);
    }

    private void retry(Connection connection) {
        long since = connection.stalledSinceNs;
        goOn(connection);
        read(connection);
        if (connection.stalled) {
            connection.stalledSinceNs = since;
        }
    }

    private void housekeeping() {
        if (releasedForOthers) {
            releasedForOthers = false;
            for (var connection : List.copyOf(stalled)) {
                if (connection.waitsForOthers && connections.containsKey(connection.id)) {
                    retry(connection);
                }
            }
            boolean any = false;
            for (var connection : stalled) {
                any |= connection.waitsForOthers;
            }
            waitsForOthers = any;
        }
        if (waitsForOthers) {
            evictOne();
        }
    }

    /// When a connection has waited too long for memory, the one that holds most without progress is closed; its
    /// client connects again and repeats its calls.
    private void evictOne() {
        long now = clock.monotonicNs();
        long boundNs = TimeUnit.MILLISECONDS.toNanos(limits.stallMs());
        boolean waitedTooLong = false;
        boolean stuck = runner.isIdle();
        for (var connection : connections.values()) {
            waitedTooLong |= connection.waitsForOthers && now - connection.stalledSinceNs >= boundNs;
            // Someone whose record is still being received will go on, and give back.
            stuck &= connection.stalled || !connection.records.isHolding();
        }
        if (!waitedTooLong) {
            return;
        }
        List<Connection> candidates = new ArrayList<>();
        for (var connection : connections.values()) {
            if (isWithoutProgress(connection, now - boundNs, stuck)) {
                candidates.add(connection);
            }
        }
        candidates.stream()
                .max(Comparator.comparingLong(Connection::leasedBytes))
                .ifPresent(victim -> {
                    statistics.evicted();
                    close(victim);
                });
    }

    /// A client that does not read its replies, or does not send the rest of its record. One that is not read from is
    /// innocent, and is chosen only when nothing else can give memory back.
    private static boolean isWithoutProgress(Connection connection, long sinceNs, boolean stuck) {
        long sendsSince = connection.replies.waitingSinceNs();
        boolean slowReader = sendsSince != Long.MAX_VALUE && sendsSince - sinceNs <= 0;
        boolean slowWriter = connection.records.isHolding()
                && connection.inFlight.get() == 0
                && connection.receivedNs - sinceNs <= 0;
        return slowReader || (slowWriter && (stuck || !connection.stalled));
    }

    private void drain() {
        boolean late = clock.monotonicNs() - stopDeadlineNs >= 0;
        if (!draining || late) {
            draining = true;
            for (var connection : List.copyOf(connections.values())) {
                connection.draining = true;
                connection.interest.read(false);
                if (late || connection.isQuiet()) {
                    close(connection);
                }
            }
        }
    }

    private void close(Connection connection) {
        if (connections.remove(connection.id) == null) {
            return;
        }
        stalled.remove(connection);
        connection.stalled = false;
        connection.waitsForOthers = false;
        connection.draining = true;
        connection.interest.end();
        connection.pending.ifPresent(pending -> pending.record().release());
        connection.pending = Optional.empty();
        connection.records.close();
        connection.replies.close();
        admitted.decrementAndGet();
        statistics.closed();
    }
}
