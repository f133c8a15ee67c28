package hearth.base.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Goal: readiness with the caller's data, and waking from any kind of thread. Method: event descriptors and a pair.
class EpollTest {
    private static final long DATA = 0x1234_5678_9ABC_DEF0L;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment events = arena.allocate(4L * Epoll.EVENT_SIZE);
    private int epoll;
    private int eventFd;

    @BeforeEach
    void create() throws PosixException {
        epoll = Epoll.create();
        eventFd = Epoll.eventFd();
    }

    @AfterEach
    void close() {
        Descriptors.close(epoll);
        Descriptors.close(eventFd);
        arena.close();
    }

    @Test
    void signalMakesReadableUntilDrained() throws PosixException {
        Epoll.add(epoll, eventFd, Epoll.EPOLLIN, DATA);
        assertThat(Epoll.await(epoll, events, 4, 0)).isZero();
        Epoll.signal(eventFd);
        Epoll.signal(eventFd);
        assertThat(Epoll.await(epoll, events, 4, -1)).isEqualTo(1);
        assertThat(Epoll.events(events, 0)).isEqualTo(Epoll.EPOLLIN);
        assertThat(Epoll.data(events, 0)).isEqualTo(DATA);
        Epoll.drain(eventFd);
        Epoll.drain(eventFd);
        assertThat(Epoll.await(epoll, events, 4, 0)).isZero();
    }

    @Test
    void severalEventsStandSideBySide() throws PosixException {
        int second = Epoll.eventFd();
        Epoll.add(epoll, eventFd, Epoll.EPOLLIN, 1);
        Epoll.add(epoll, second, Epoll.EPOLLIN | Epoll.EPOLLOUT, -2);
        Epoll.signal(eventFd);
        assertThat(Epoll.await(epoll, events, 4, 1000)).isEqualTo(2);
        assertThat(new long[] {Epoll.data(events, 0), Epoll.data(events, 1)}).containsExactlyInAnyOrder(1, -2);
        Epoll.remove(epoll, second);
        assertThat(Epoll.await(epoll, events, 4, 1000)).isEqualTo(1);
        assertThat(Epoll.data(events, 0)).isEqualTo(1);
        Descriptors.close(second);
    }

    @Test
    void oneShotIsSilentUntilArmedAgain() throws PosixException {
        Epoll.add(epoll, eventFd, Epoll.EPOLLIN | Epoll.EPOLLONESHOT, 1);
        Epoll.signal(eventFd);
        assertThat(Epoll.await(epoll, events, 4, 1000)).isEqualTo(1);
        assertThat(Epoll.await(epoll, events, 4, 0)).isZero();
        Epoll.modify(epoll, eventFd, Epoll.EPOLLIN | Epoll.EPOLLONESHOT, 2);
        assertThat(Epoll.await(epoll, events, 4, 1000)).isEqualTo(1);
        assertThat(Epoll.data(events, 0)).isEqualTo(2);
    }

    @Test
    void peersEndIsReported() throws PosixException {
        int[] ends = Sockets.pair();
        Epoll.add(epoll, ends[0], Epoll.EPOLLIN | Epoll.EPOLLRDHUP, 1);
        Descriptors.close(ends[1]);
        assertThat(Epoll.await(epoll, events, 4, 1000)).isEqualTo(1);
        assertThat(Epoll.events(events, 0) & (Epoll.EPOLLRDHUP | Epoll.EPOLLHUP))
                .isEqualTo(Epoll.EPOLLRDHUP | Epoll.EPOLLHUP);
        Descriptors.close(ends[0]);
    }

    @Test
    void unknownDescriptorIsRefusedByName() {
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> Epoll.modify(epoll, eventFd, Epoll.EPOLLIN, 0))
                .withMessage("epoll_ctl: ENOENT");
    }

    @Test
    void manyVirtualThreadsSignalAndReadTheirOwnErrors() throws Exception {
        int threads = 200;
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            boolean wrong = i % 2 == 0;
            Thread.ofVirtual().start(() -> {
                try {
                    for (int k = 0; k < 50; k++) {
                        if (wrong) {
                            assertThatExceptionOfType(PosixException.class)
                                    .isThrownBy(() -> Epoll.signal(1_000_000))
                                    .matches(e -> e.errno() == Errno.EBADF);
                        } else {
                            Epoll.signal(eventFd);
                        }
                        Thread.yield();
                    }
                    done.countDown();
                } catch (PosixException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
        Descriptors.read(eventFd, count);
        assertThat(count.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(threads / 2 * 50L);
    }
}
