package hearth.dmodule.nvlog;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// Goal: who waits for a stable position is let go by the journal or by a consistency point, and never forgotten.
/// Method: virtual threads wait, a platform thread watches a flusher that the test plays, time is the test's.
class StablePositionTest {
    private final TestRegion region = new TestRegion(64 * Units.KIB);
    private NvLog log = region.attach();
    private volatile boolean stop;
    private Thread watcher = new Thread();

    @BeforeEach
    void openAndWatch() throws IOException {
        log.replay(0, (position, record) -> {});
        for (int i = 0; i < 10; i++) {
            log.append(Origin.INTERNAL, TestRegion.effect(i), MemorySegment.NULL, TestRegion.reply(i));
        }
        watcher = new Thread(() -> {
            while (!stop) {
                log.watchJournal(Duration.ofMillis(5).toNanos());
            }
        });
        watcher.start();
    }

    @AfterEach
    void stopWatching() throws InterruptedException {
        stop = true;
        watcher.join();
    }

    @Test
    void waitersGoInOrderOfWhatTheJournalHolds() throws InterruptedException {
        var done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (long lsn = 1; lsn <= 10; lsn++) {
            long wanted = lsn;
            threads.add(Thread.startVirtualThread(() -> {
                log.awaitStable(wanted);
                assertThat(region.flusher.flushedLsn()).isGreaterThanOrEqualTo(wanted);
                done.incrementAndGet();
            }));
        }
        region.flusher.flushed(4);
        await().until(() -> done.get() == 4);
        assertThat(log.stableLsn()).isEqualTo(4);
        region.flusher.flushed(10);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(done.get()).isEqualTo(10);
        assertThat(region.requests).isEmpty();
    }

    @Test
    void aDurableConsistencyPointIsAsGoodAsTheJournal() throws InterruptedException {
        var waiter = Thread.startVirtualThread(() -> log.awaitStable(10));
        long frozen = log.freeze().lastLsn();
        log.durable(frozen, 1);
        waiter.join();
        assertThat(region.flusher.flushedLsn()).isZero();
    }

    @Test
    void muchThatIsNotStableIsAConsistencyPointsWork() throws InterruptedException {
        long wanted = region.area().wantedLsn();
        int appended = 0;
        while (log.usedBytes() < region.area().halfBytes() / 4 + Units.BLOCK_SIZE) {
            log.append(Origin.of(TestRegion.caller(100 + appended)), TestRegion.effect(1),
                    MemorySegment.ofArray(new byte[Units.BLOCK_SIZE]), TestRegion.reply(1));
            appended++;
        }
        var waiter = Thread.startVirtualThread(() -> log.awaitStable(log.lastLsn()));
        await().until(() -> region.requests.contains(ConsistencyPointRequests.Reason.LARGE_BACKLOG));
        assertThat(region.area().wantedLsn()).isEqualTo(wanted);
        log.durable(log.freeze().lastLsn(), 1);
        waiter.join();
        region.requests.clear();
        log.append(Origin.of(TestRegion.caller(99)), TestRegion.effect(1), MemorySegment.NULL, TestRegion.reply(1));
        var next = Thread.startVirtualThread(() -> log.awaitStable(log.lastLsn()));
        await().until(() -> region.area().wantedLsn() == log.lastLsn());
        assertThat(region.requests).isEmpty();
        region.flusher.flushed(log.lastLsn());
        next.join();
    }

    @Test
    void aDegradedJournalMeansAConsistencyPoint() throws InterruptedException {
        var before = Thread.startVirtualThread(() -> log.awaitStable(10));
        await().until(() -> before.getState() == Thread.State.WAITING);
        assertThat(region.requests).isEmpty();
        region.flusher.degrade();
        await().until(() -> region.requests.contains(ConsistencyPointRequests.Reason.JOURNAL_DEGRADED));
        region.requests.clear();
        var after = Thread.startVirtualThread(() -> log.awaitStable(9));
        await().until(() -> region.requests.contains(ConsistencyPointRequests.Reason.JOURNAL_DEGRADED));
        log.durable(log.freeze().lastLsn(), 1);
        before.join();
        after.join();
    }

    @Test
    void aSlowJournalMeansAConsistencyPoint() throws InterruptedException {
        var waiter = Thread.startVirtualThread(() -> log.awaitStable(10));
        await().until(() -> waiter.getState() == Thread.State.WAITING);
        assertThat(region.requests).isEmpty();
        region.clock.advanceNs(Duration.ofSeconds(2).toNanos());
        await().until(() -> region.requests.contains(ConsistencyPointRequests.Reason.JOURNAL_DEGRADED));
        log.durable(log.freeze().lastLsn(), 1);
        waiter.join();
    }
}
