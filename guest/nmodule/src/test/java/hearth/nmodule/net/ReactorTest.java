package hearth.nmodule.net;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Clock;
import hearth.base.Units;
import hearth.base.posix.IoVector;
import hearth.nmodule.Loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// Goal: bounds hold, nobody's slowness reaches others, and every connection ends cleanly.
/// Method: a real reactor and real sockets on loopback, with a service whose replies are as long as the call says.
///
/// A call is: 4 bytes reply length wanted, 4 bytes id, anything. A reply is that long and begins with the id.
class ReactorTest {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int CLOSE_ME = -1;
    private static final int SAY_NOTHING = -2;

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger runningMost = new AtomicInteger();
    private final List<Throwable> fatal = new ArrayList<>();
    private volatile Optional<Semaphore> gate = Optional.empty();
    private NetLimits limits = NetLimits.defaults();
    private NetStatistics statistics = new NetStatistics(limits.inFlightMax());
    private Reactor reactor;
    private Loopback loopback;
    private final List<Socket> sockets = new ArrayList<>();

    private final RecordService service = (_, record) -> {
        int wanted = record.get(INT, 0);
        return wanted == CLOSE_ME
                ? Optional.empty()
                : Optional.of(new RecordService.PreparedCall() {
                    @Override
                    public int replyBytesMax() {
                        return Math.max(wanted, 0);
                    }

                    @Override
                    public int answer(MemorySegment reply) {
                        return answered(wanted, record, reply);
                    }

                    @Override
                    public int tryAnswer(MemorySegment reply, IoVector parts) {
                        if (!atHand() || gate.isPresent()) {
                            return RecordService.WOULD_WAIT;
                        }
                        int length = answered(wanted, record, reply);
                        gather(length, reply, parts);
                        return length;
                    }

                    @Override
                    public void sent() {}
                });
    };

    /// Whether calls are answered without waiting, where the gate is open.
    boolean atHand() {
        return false;
    }

    /// Called with a reply that was made at hand.
    void gather(int length, MemorySegment reply, IoVector parts) {}

    private int answered(int wanted, MemorySegment record, MemorySegment reply) {
        runningMost.accumulateAndGet(running.incrementAndGet(), Math::max);
        gate.ifPresent(Semaphore::acquireUninterruptibly);
        running.decrementAndGet();
        if (wanted == SAY_NOTHING) {
            return RecordService.NO_REPLY;
        }
        reply.set(INT, 0, record.get(INT, 4));
        return wanted;
    }

    @BeforeEach
    void start() throws IOException {
        start(limits);
    }

    private void start(NetLimits with) throws IOException {
        limits = with;
        statistics = new NetStatistics(with.inFlightMax());
        reactor = new Reactor(service, Clock.SYSTEM, with, (_, thrown) -> fatal.add(thrown), statistics);
        reactor.start();
        loopback = new Loopback(reactor::adopt);
    }

    private void restart(NetLimits with) throws Exception {
        stop();
        start(with);
    }

    @AfterEach
    void stop() throws Exception {
        gate.ifPresent(g -> g.release(1_000_000));
        for (Socket socket : sockets) {
            socket.close();
        }
        loopback.close();
        reactor.stop(5_000);
        assertThat(fatal).isEmpty();
        assertThat(statistics.connections()).isZero();
        await().untilAsserted(() -> assertThat(reactor.leasedBytes()).isZero());
        assertThat(statistics.inFlight()).isZero();
        stopped();
    }

    /// Called when the reactor has ended.
    void stopped() {}

    @Test
    void callsOfOneConnectionRunAtTheSameTimeAndAnswerAsTheyComplete() throws IOException {
        var socket = connect();
        gate = Optional.of(new Semaphore(0));
        for (int i = 0; i < 10; i++) {
            call(socket, 8, i);
        }
        await().until(() -> running.get() == 10);
        call(socket, 8, 10);
        await().until(() -> running.get() == 11);
        gate.get().release(11);
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            ids.add(reply(socket, 8));
        }
        assertThat(ids).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void noMoreCallsRunThanTheConnectionsBound() throws IOException {
        var socket = connect();
        gate = Optional.of(new Semaphore(0));
        int calls = limits.inFlightPerConnectionMax() * 3;
        for (int i = 0; i < calls; i++) {
            call(socket, 8, i);
        }
        await().until(() -> running.get() == limits.inFlightPerConnectionMax());
        gate.get().release(calls);
        for (int i = 0; i < calls; i++) {
            reply(socket, 8);
        }
        assertThat(runningMost).hasValue(limits.inFlightPerConnectionMax());
        assertThat(statistics.pauses()).isPositive();
    }

    @Test
    void noMoreCallsRunThanTheBoundOfAllAndNobodyIsForgotten() throws Exception {
        restart(new NetLimits(
                64, 10, 8, 32L * Units.MIB, 8L * Units.MIB, 32L * Units.MIB, 8L * Units.MIB,
                NetLimits.RECORD_BYTES_MAX, 5_000));
        gate = Optional.of(new Semaphore(0));
        for (int c = 0; c < 8; c++) {
            var socket = connect();
            for (int i = 0; i < 20; i++) {
                call(socket, 8, i);
            }
        }
        await().until(() -> running.get() == 10);
        gate.get().release(160);
        for (var socket : sockets) {
            for (int i = 0; i < 20; i++) {
                reply(socket, 8);
            }
        }
        assertThat(runningMost).hasValue(10);
    }

    @Test
    void aClientThatDoesNotReadHurtsNobody() throws Exception {
        for (int c = 0; c < 20; c++) {
            var slow = connect();
            slow.setReceiveBufferSize(4096);
            Thread.ofVirtual().start(() -> flood(slow));
        }
        await().until(() -> statistics.pauses() >= 20);
        var quick = connect();
        for (int i = 0; i < 200; i++) {
            call(quick, Units.MIB, i);
            assertThat(reply(quick, Units.MIB)).isEqualTo(i);
        }
        assertThat(reactor.leasedBytes()).isLessThanOrEqualTo(limits.sendBytesMax() + limits.receiveBytesMax());
    }

    /// Asks for more than it will ever read.
    private void flood(Socket socket) {
        try {
            for (int i = 0; i < 10_000; i++) {
                call(socket, 256 * Units.KIB, i);
            }
        } catch (IOException e) {
            // Closed at the end of the test.
        }
    }

    @Test
    void aSlowReaderGetsEverythingInTheEnd() throws IOException {
        var slow = connect();
        int calls = 100;
        var sender = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < calls; i++) {
                    call(slow, 512 * Units.KIB, i);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> statistics.pauses() > 0);
        assertThat(reactor.leasedBytes())
                .isLessThanOrEqualTo(limits.sendPerConnectionBytesMax() + limits.receivePerConnectionBytesMax());
        boolean[] seen = new boolean[calls];
        for (int i = 0; i < calls; i++) {
            seen[reply(slow, 512 * Units.KIB)] = true;
        }
        sender.join();
        assertThat(seen).doesNotContain(false);
    }

    @Test
    void largeCallsMeetTheBoundAndAllAreAnswered() throws IOException {
        var socket = connect();
        gate = Optional.of(new Semaphore(0));
        var sender = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 40; i++) {
                    call(socket, 8, i, Units.MIB);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> statistics.pauses() > 0 && running.get() >= 5);
        assertThat(reactor.leasedBytes()).isLessThanOrEqualTo(limits.receivePerConnectionBytesMax() + Units.MIB);
        gate.get().release(40);
        for (int i = 0; i < 40; i++) {
            reply(socket, 8);
        }
        sender.join();
    }

    @Test
    void moreClientsThanThereIsMemoryForAreAllAnswered() throws Exception {
        restart(new NetLimits(
                512, 40, 8, 8L * Units.MIB, 4L * Units.MIB, 8L * Units.MIB, 4L * Units.MIB,
                NetLimits.RECORD_BYTES_MAX, 20_000));
        long seed = Long.getLong("hearth.seed", new Random().nextLong());
        System.out.println("ReactorTest seed " + seed + " (-Dhearth.seed=…)");
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int c = 0; c < 30; c++) {
            var socket = connect();
            var random = new Random(seed + c);
            int[] replyBytes = random.ints(25, 8, random.nextInt(3) == 0 ? Units.MIB : 5_000).toArray();
            int[] callBytes = random.ints(25, 8, random.nextInt(3) == 0 ? Units.MIB : 500).toArray();
            clients.add(CompletableFuture.runAsync(() -> callAll(socket, replyBytes, callBytes), VIRTUAL));
            clients.add(CompletableFuture.runAsync(() -> takeAll(socket, replyBytes), VIRTUAL));
        }
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        assertThat(statistics.pauses()).isPositive();
        assertThat(statistics.connectionsEvicted()).isZero();
    }

    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    private static void callAll(Socket socket, int[] replyBytes, int[] callBytes) {
        try {
            for (int i = 0; i < replyBytes.length; i++) {
                call(socket, replyBytes[i], i, callBytes[i]);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Takes one reply to each call, in any order.
    private static void takeAll(Socket socket, int[] replyBytes) {
        try {
            var in = new DataInputStream(socket.getInputStream());
            var seen = new boolean[replyBytes.length];
            for (int i = 0; i < replyBytes.length; i++) {
                int length = in.readInt() & Integer.MAX_VALUE;
                int id = in.readInt();
                in.skipNBytes(length - 4L);
                assertThat(length).isEqualTo(replyBytes[id]);
                assertThat(seen[id]).isFalse();
                seen[id] = true;
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void connectionsThatHoldMemoryWithoutProgressAreClosedWhenOthersWait() throws Exception {
        restart(new NetLimits(
                512, 512, 64, 8L * Units.MIB, 4L * Units.MIB, 8L * Units.MIB, 4L * Units.MIB,
                NetLimits.RECORD_BYTES_MAX, 200));
        for (int c = 0; c < 60; c++) {
            var stuck = connect();
            var out = new DataOutputStream(stuck.getOutputStream());
            out.writeInt(Units.MIB | 1 << 31);
            out.write(new byte[100_000]);
            out.flush();
        }
        await().until(() -> statistics.pauses() > 0);
        var honest = connect();
        CompletableFuture<Integer> answered = CompletableFuture.supplyAsync(() -> {
            try {
                call(honest, 8, 77, Units.MIB);
                return reply(honest, 8);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await().atMost(Duration.ofSeconds(30)).until(answered::isDone);
        assertThat(answered.join()).isEqualTo(77);
        assertThat(statistics.connectionsEvicted()).isPositive();
    }

    @Test
    void whatWasAskedBeforeTheClientsEndIsStillAnswered() throws IOException {
        var socket = connect();
        gate = Optional.of(new Semaphore(0));
        call(socket, 8, 1);
        call(socket, 8, 2);
        await().until(() -> running.get() == 2);
        socket.shutdownOutput();
        gate.get().release(2);
        assertThat(reply(socket, 8) + reply(socket, 8)).isEqualTo(3);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aRecordThatIsNoCallEndsItsConnectionOnly() throws IOException {
        var other = connect();
        var bad = connect();
        call(bad, CLOSE_ME, 0);
        assertThat(bad.getInputStream().read()).isEqualTo(-1);
        var huge = connect();
        new DataOutputStream(huge.getOutputStream()).writeInt(Integer.MAX_VALUE);
        assertThat(huge.getInputStream().read()).isEqualTo(-1);
        call(other, 8, 5);
        assertThat(reply(other, 8)).isEqualTo(5);
        await().until(() -> statistics.connections() == 1);
    }

    @Test
    void aCallWithoutReplySendsNothing() throws IOException {
        var socket = connect();
        call(socket, SAY_NOTHING, 1);
        call(socket, 8, 2);
        assertThat(reply(socket, 8)).isEqualTo(2);
        await().until(() -> statistics.inFlight() == 0);
        assertThat(socket.getInputStream().available()).isZero();
    }

    @Test
    void oneConnectionTooManyTakesThePlaceOfTheSilentOne() throws Exception {
        restart(new NetLimits(
                2, 10, 8, 32L * Units.MIB, 8L * Units.MIB, 32L * Units.MIB, 8L * Units.MIB,
                NetLimits.RECORD_BYTES_MAX, 5_000));
        var silent = connect();
        call(silent, 8, 1);
        reply(silent, 8);
        var busy = connect();
        gate = Optional.of(new Semaphore(0));
        call(busy, 8, 2);
        await().until(() -> running.get() == 1);
        var third = connect();
        call(third, 8, 3);
        await().until(() -> running.get() == 2);
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
        assertThat(connect().getInputStream().read()).as("all have calls running").isEqualTo(-1);
        assertThat(statistics.connectionsEvicted()).isEqualTo(1);
        assertThat(statistics.connectionsRefused()).isEqualTo(1);
        gate.get().release(2);
        assertThat(reply(busy, 8)).isEqualTo(2);
        assertThat(reply(third, 8)).isEqualTo(3);
    }

    @Test
    void aClientThatResetsWhileItsCallsRunLeavesNothing() throws IOException {
        gate = Optional.of(new Semaphore(0));
        for (int c = 0; c < 5; c++) {
            var socket = connect();
            for (int i = 0; i < 20; i++) {
                call(socket, 64 * Units.KIB, i);
            }
        }
        await().until(() -> running.get() == 100);
        for (var socket : sockets) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
        await().until(() -> statistics.connections() == 0);
        gate.get().release(100);
        await().until(() -> statistics.inFlight() == 0 && reactor.leasedBytes() == 0);
    }

    @Test
    void stoppingFinishesWhatRuns() throws Exception {
        var idle = connect();
        call(idle, 8, 1);
        reply(idle, 8);
        var busy = connect();
        gate = Optional.of(new Semaphore(0));
        call(busy, Units.MIB, 9);
        await().until(() -> running.get() == 1);
        var stopped = new CountDownLatch(1);
        Thread.ofPlatform().start(() -> {
            try {
                reactor.stop(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            stopped.countDown();
        });
        assertThat(idle.getInputStream().read()).isEqualTo(-1);
        assertThat(stopped.getCount()).isEqualTo(1);
        gate.get().release();
        assertThat(reply(busy, Units.MIB)).isEqualTo(9);
        stopped.await();
    }

    @Test
    void stoppingCutsOffWhatDoesNotEnd() throws Exception {
        var socket = connect();
        gate = Optional.of(new Semaphore(0));
        call(socket, 8, 9);
        await().until(() -> running.get() == 1);
        reactor.stop(100);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        gate.get().release();
        await().until(() -> statistics.inFlight() == 0);
    }

    Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), loopback.port());
        socket.setSoTimeout(30_000);
        sockets.add(socket);
        return socket;
    }

    static void call(Socket socket, int replyBytes, int id) throws IOException {
        call(socket, replyBytes, id, 8);
    }

    private static void call(Socket socket, int replyBytes, int id, int callBytes) throws IOException {
        var message = ByteBuffer.allocate(4 + callBytes).putInt(callBytes | 1 << 31).putInt(replyBytes).putInt(id);
        socket.getOutputStream().write(message.array());
    }

    static int reply(Socket socket, int replyBytes) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        assertThat(in.readInt()).isEqualTo(replyBytes | 1 << 31);
        int id = in.readInt();
        in.skipNBytes(replyBytes - 4L);
        return id;
    }
}
