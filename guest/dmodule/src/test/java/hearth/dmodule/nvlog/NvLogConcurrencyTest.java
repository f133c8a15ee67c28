package hearth.dmodule.nvlog;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.memory.index.DirtyKey;
import hearth.memory.log.LogReader;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: nobody is forgotten and nothing is answered wrongly while everything happens at once.
/// Method: clients on virtual threads, a consistency point thread, a flusher that dies in the middle, all on one log
/// that fills many times.
class NvLogConcurrencyTest {
    private static final int CLIENTS = 16;
    private static final int CALLS = 400;

    private final TestRegion region = new TestRegion(64 * Units.KIB);
    private final ReentrantLock fileSystem = new ReentrantLock();
    private final BlockingQueue<ConsistencyPointRequests.Reason> wishes = new LinkedBlockingQueue<>();
    private final NvLog log = region.attach();
    private volatile boolean stop;

    @Test
    void everyCallIsAnsweredOnceAndStableThoughTheFlusherStops() throws Exception {
        log.askForConsistencyPoints(wishes::add);
        log.replay(0, (position, record) -> {});
        var consistencyPoints = new Thread(this::makeConsistencyPoints);
        var flusher = new Thread(this::flush);
        var watcher = new Thread(() -> {
            while (!stop) {
                log.watchJournal(Duration.ofMillis(5).toNanos());
            }
        });
        List<Thread> threads = List.of(consistencyPoints, flusher, watcher);
        threads.forEach(Thread::start);
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = IntStream.range(0, CLIENTS).<Future<?>>mapToObj(
                    client -> clients.submit(() -> call(client))).toList();
            for (Future<?> client : running) {
                await(client);
            }
        } finally {
            stop = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(log.lastLsn()).isEqualTo((long) CLIENTS * CALLS);
        assertThat(log.duplicates().hits()).isEqualTo((long) CLIENTS * CALLS);
        assertThat(log.duplicates().running()).isZero();
        assertThat(region.events).isEmpty();
    }

    private static void await(Future<?> client) throws InterruptedException, ExecutionException {
        try {
            client.get(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("a client waits for ever", e);
        }
    }

    private void call(int client) {
        for (int i = 0; i < CALLS; i++) {
            var caller = TestRegion.caller(client * CALLS + i);
            var ticket = ((DuplicateRequests.Lookup.New) log.duplicates().lookup(caller)).ticket();
            byte[] effect = TestRegion.effect(caller.xid());
            byte[] reply = TestRegion.reply(caller.xid());
            Position position = append(ticket.origin(), effect, reply, DirtyKey.data(client, i % 4));
            byte[] payload = new byte[1];
            if (log.copyPayload(position.payloadRef(), 0, payload, 0, 1)) {
                assertThat(payload[0]).isEqualTo((byte) caller.xid());
            } else {
                assertThat(log.stableLsn()).isGreaterThanOrEqualTo(position.lsn());
            }
            log.awaitContiguous(position.lsn());
            log.awaitStable(position.lsn());
            assertThat(log.stableLsn()).isGreaterThanOrEqualTo(position.lsn());
            log.duplicates().finished(ticket);
            assertThat(log.duplicates().lookup(caller)).isInstanceOfSatisfying(
                    DuplicateRequests.Lookup.Answered.class, first -> assertThat(first.reply()).isEqualTo(reply));
        }
    }

    private Position append(Origin origin, byte[] effect, byte[] reply, DirtyKey key) {
        int bodyBytes = effect.length + reply.length;
        while (true) {
            fileSystem.lock();
            try {
                if (log.roomFor(bodyBytes, Units.BLOCK_SIZE, 1)) {
                    var payload = TestRegion.block(origin.call().xid());
                    var position = log.append(origin, effect, payload, reply);
                    log.index(position, List.of(key));
                    return position;
                }
            } finally {
                fileSystem.unlock();
            }
            log.awaitRoom(bodyBytes, Units.BLOCK_SIZE, 1);
        }
    }

    private void makeConsistencyPoints() {
        long generation = 0;
        try {
            while (!stop) {
                if (wishes.poll(5, TimeUnit.MILLISECONDS) == null) {
                    continue;
                }
                wishes.clear();
                fileSystem.lock();
                FreezePoint point;
                try {
                    point = log.freeze();
                } finally {
                    fileSystem.unlock();
                }
                log.durable(point.lastLsn(), ++generation);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Flushes up to half of all records, then is degraded for good.
    private void flush() {
        var reader = new LogReader(region.area());
        long lsn = 1;
        while (!stop && lsn <= CLIENTS * CALLS / 2) {
            switch (reader.next(lsn)) {
                case LogReader.Answer.Found found -> region.flusher.flushed(lsn++);
                case LogReader.Answer.End end -> Thread.onSpinWait();
                case LogReader.Answer.Freed(long first) -> {
                    assertThat(first).isGreaterThan(lsn);
                    lsn = first;
                }
                case LogReader.Answer.Corrupt(String why) -> throw new AssertionError(why);
            }
        }
        region.flusher.degrade();
    }
}
