package hearth.base.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// Goal: a waiter and a waker meet through different mappings. Method: one memfd mapped twice, two threads.
class FutexTest {
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();
    private static final long LONG_NS = 20_000_000_000L;

    private int fd;
    private MemorySegment here;
    private MemorySegment there;

    @BeforeEach
    void mapTwice() throws PosixException {
        fd = MemoryFiles.create("hearth-test", 4096);
        here = MemoryFiles.map(fd, 4096, true);
        there = MemoryFiles.map(fd, 4096, false);
    }

    @AfterEach
    void unmap() throws PosixException {
        MemoryFiles.unmap(here);
        MemoryFiles.unmap(there);
        Descriptors.close(fd);
    }

    @Test
    void waiterIsWokenThroughAnotherMapping() throws Exception {
        CompletableFuture<Boolean> woken = new CompletableFuture<>();
        Thread waiter = Thread.ofPlatform().start(() -> {
            try {
                boolean inTime = true;
                while ((int) WORD.getVolatile(there, 0L) == 0 && inTime) {
                    inTime = Futex.await(there, 0, LONG_NS);
                }
                woken.complete(inTime);
            } catch (PosixException e) {
                woken.completeExceptionally(e);
            }
        });
        // Counts one only when the other thread really sleeps in the kernel.
        await().until(() -> Futex.wake(here, 1) == 1);
        WORD.setVolatile(here, 0L, 1);
        Futex.wake(here, Integer.MAX_VALUE);

        await().until(woken::isDone);
        assertThat(woken).isCompletedWithValue(true);
        waiter.join();
    }

    @Test
    void waitEndsByItsTimeout() throws PosixException {
        long startNs = System.nanoTime();
        assertThat(Futex.await(here, 0, 3_000_000)).isFalse();
        assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(3_000_000L);
    }

    @Test
    void changedWordIsNotWaitedFor() throws PosixException {
        assertThat(Futex.await(here, 1, LONG_NS)).isTrue();
    }
}
