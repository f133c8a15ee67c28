package hearth.memory.bell;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.posix.Descriptors;
import hearth.base.posix.MemoryFiles;

import static org.assertj.core.api.Assertions.assertThat;

/// Two threads over two mappings of one memory file, as two processes would.
class DoorbellTest {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private int fd;
    private MemorySegment ringersView;
    private MemorySegment waitersView;

    @BeforeEach
    void map() throws Exception {
        fd = MemoryFiles.create("bell-test", 4096);
        ringersView = MemoryFiles.map(fd, 4096, true);
        waitersView = MemoryFiles.map(fd, 4096, true);
    }

    @AfterEach
    void unmap() throws Exception {
        MemoryFiles.unmap(ringersView);
        MemoryFiles.unmap(waitersView);
        Descriptors.close(fd);
    }

    private static Doorbell bell(MemorySegment view) {
        return new Doorbell(view.asSlice(0, 4), view.asSlice(64, 4));
    }

    @Test
    void everyRingIsNoticedThoughTheWaiterSleeps() throws Exception {
        int rounds = 20_000;
        AtomicLong answered = new AtomicLong();
        Doorbell here = bell(ringersView);
        Doorbell there = bell(waitersView);
        Thread waiter = Thread.ofPlatform().start(() -> {
            int seen = 0;
            while (seen != rounds) {
                seen = there.await(seen, 5_000_000_000L);
                answered.set(seen);
            }
        });
        long longestNs = 0;
        for (int n = 1; n <= rounds; n++) {
            long start = System.nanoTime();
            here.ring();
            while (answered.get() < n) {
                Thread.onSpinWait();
            }
            longestNs = Math.max(longestNs, System.nanoTime() - start);
        }
        waiter.join();
        // A lost wake-up would have cost the timeout of 5 s.
        assertThat(longestNs).isLessThan(4_000_000_000L);
        assertThat(here.sequence()).isEqualTo(rounds);
    }

    @Test
    void aSleepingWaiterIsWokenThroughAnotherMapping() throws Exception {
        int rounds = 50;
        AtomicLong answered = new AtomicLong();
        Doorbell there = bell(waitersView);
        Thread waiter = Thread.ofPlatform().start(() -> {
            for (int seen = 0; seen != rounds; ) {
                seen = there.await(seen, 60_000_000_000L);
                answered.set(seen);
            }
        });
        for (int n = 0; n < rounds; n++) {
            while ((int) INT.getVolatile(ringersView, 64L) == 0) {
                Thread.onSpinWait();
            }
            // The flag is up; a moment later the waiter is in the kernel, in most rounds at least.
            LockSupport.parkNanos(1_000_000);
            bell(ringersView).ring();
            long limitNs = System.nanoTime() + 20_000_000_000L;
            while (answered.get() != n + 1) {
                assertThat(System.nanoTime()).as("round %d was slept through", n).isLessThan(limitNs);
                Thread.onSpinWait();
            }
        }
        assertThat(waiter.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void nobodyRingsAndTheWaitEnds() {
        assertThat(bell(waitersView).await(0, 3_000_000)).isZero();
        assertThat(waitersView.get(ValueLayout.JAVA_INT, 64)).isZero();
    }

    @Test
    void aRingBeforeTheWaitIsSeenAtOnce() {
        Doorbell waiting = bell(waitersView);
        int seen = waiting.sequence();
        bell(ringersView).ring();
        assertThat(waiting.await(seen, Long.MAX_VALUE / 2)).isEqualTo(seen + 1);
    }

    @Test
    void aDeadWaitersFlagHurtsNobody() {
        waitersView.set(ValueLayout.JAVA_INT, 64, 1);
        bell(ringersView).ring();
        assertThat(bell(waitersView).sequence()).isEqualTo(1);
    }
}
