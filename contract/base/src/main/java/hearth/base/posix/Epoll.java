package hearth.base.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import hearth.base.Check;

/// Readiness of many descriptors, and event descriptors to wake the thread that waits for it.
public final class Epoll {
    public static final int EPOLLIN = 0x1;
    public static final int EPOLLOUT = 0x4;
    public static final int EPOLLERR = 0x8;
    public static final int EPOLLHUP = 0x10;
    public static final int EPOLLRDHUP = 0x2000;
    public static final int EPOLLONESHOT = 1 << 30;
    public static final int EPOLLET = 1 << 31;

    /// Bytes of one entry of the events segment: on x86-64 the kernel's structure is packed, 4 bytes of event bits and
    /// 8 bytes of the caller's data.
    public static final int EVENT_SIZE = 12;

    private static final int DATA_OFFSET = 4;
    private static final int EPOLL_CREATE1 = 291;
    private static final int EPOLL_CTL = 233;
    private static final int EPOLL_WAIT = 232;
    private static final int EVENTFD2 = 290;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int CTL_MOD = 3;
    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;

    private Epoll() {}

    /// A new epoll descriptor.
    public static int create() throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            return (int) call.orThrow(call.call(EPOLL_CREATE1, CLOEXEC, 0, 0, 0, 0), "epoll_create1");
        }
    }

    /// Watches `fd` for `events`; `data` comes back with each of them.
    public static void add(int epoll, int fd, int events, long data) throws PosixException {
        control(epoll, CTL_ADD, fd, events, data);
    }

    /// Changes what `fd` is watched for; also arms a ONESHOT again.
    public static void modify(int epoll, int fd, int events, long data) throws PosixException {
        control(epoll, CTL_MOD, fd, events, data);
    }

    /// Stops watching `fd`. Events already delivered may still name it.
    public static void remove(int epoll, int fd) throws PosixException {
        control(epoll, CTL_DEL, fd, 0, 0);
    }

    private static void control(int epoll, int operation, int fd, int events, long data) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment event = call.scratch();
            event.set(ValueLayout.JAVA_INT, 0, events);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA_OFFSET, data);
            call.orThrow(call.call(EPOLL_CTL, epoll, operation, fd, event.address(), 0), "epoll_ctl");
        }
    }

    /// Waits at most `timeoutMs` (-1: for ever, 0: not at all) and fills up to `max` entries of `events`. Returns how
    /// many; 0 also when a signal came. Blocks unless the timeout is 0: platform threads only.
    public static int await(int epoll, MemorySegment events, int max, int timeoutMs) throws PosixException {
        Check.that(max > 0 && (long) max * EVENT_SIZE <= events.byteSize(), "events do not fit", max);
        try (SystemCall call = SystemCall.take()) {
            long ready = call.call(EPOLL_WAIT, epoll, events, max, timeoutMs, 0, 0);
            if (call.interrupted(ready)) {
                return 0;
            }
            return (int) call.orThrow(ready, "epoll_wait");
        }
    }

    /// The event bits of entry `index`.
    public static int events(MemorySegment events, int index) {
        return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) index * EVENT_SIZE);
    }

    /// The caller's data of entry `index`.
    public static long data(MemorySegment events, int index) {
        return events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * EVENT_SIZE + DATA_OFFSET);
    }

    /// A new event descriptor: readable from `signal` until `drain`. Neither blocks.
    public static int eventFd() throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            return (int) call.orThrow(call.call(EVENTFD2, 0, CLOEXEC | NONBLOCK, 0, 0, 0), "eventfd2");
        }
    }

    /// Makes the event descriptor readable; any thread, any number of times.
    public static void signal(int eventFd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment one = call.scratch();
            one.set(ValueLayout.JAVA_LONG, 0, 1L);
            transfer(call, WRITE, eventFd, one, "write");
        }
    }

    /// Takes all signals that have come so far.
    public static void drain(int eventFd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            transfer(call, READ, eventFd, call.scratch(), "read");
        }
    }

    private static void transfer(SystemCall call, int number, int eventFd, MemorySegment word, String name)
            throws PosixException {
        long done;
        do {
            done = call.call(number, eventFd, word, Long.BYTES, 0, 0, 0);
        } while (call.interrupted(done));
        // A full counter is signalled already, an empty one drained already.
        if (done == -1 && call.errno() != Errno.EAGAIN) {
            throw new PosixException(name, call.errno());
        }
    }
}
