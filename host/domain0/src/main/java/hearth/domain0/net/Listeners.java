package hearth.domain0.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Uninterruptibly;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Epoll;
import hearth.base.posix.Errno;
import hearth.base.posix.PosixException;
import hearth.base.posix.Sockets;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelMessage;

/// Listens for one domain and hands each accepted connection to the guest that serves. One thread accepts; any thread
/// may call.
///
/// Invariants: nothing is accepted while no guest serves. A connection's duplicate is kept until the guest says that
/// it has taken it. Of what was sent to a guest and not taken before its end, a connection that the guest had touched
/// is reset after its fence; one of which it had read nothing goes to the next guest, as what could not be sent.
public final class Listeners implements AutoCloseable {
    private static final int BACKLOG = 1024;

    /// Connections on their way to a guest; beyond that nothing is accepted until some are taken. Few enough that their
    /// messages and the answers fit into the channel's buffers: a send here never waits for a guest that waits for us.
    private static final int ON_THEIR_WAY_MAX = 64;

    private static final int WAIT_MS = 1000;
    private static final long WAKE = -1;

    private final String domain;
    private final List<Integer> listeners;
    private final List<InetSocketAddress> addresses;
    private final Clock clock;
    private final Event.Sink events;
    private final int epoll;
    private final int wake;
    private final Thread thread;

    // All below under `lock`.
    private final Object lock = new Object();
    private final Map<Long, Accepted> sent = new LinkedHashMap<>();
    private final ArrayDeque<Accepted> unsent = new ArrayDeque<>();
    private Optional<Channel> guest = Optional.empty();
    private long nextId = 1;
    private boolean closed;

    private record Accepted(int fd, byte[] peerAddress, int peerPort) {}

    private Listeners(String domain, List<Integer> listeners, List<InetSocketAddress> addresses, Clock clock,
            Event.Sink events) throws PosixException {
        this.domain = domain;
        this.listeners = List.copyOf(listeners);
        this.addresses = List.copyOf(addresses);
        this.clock = clock;
        this.events = events;
        epoll = Epoll.create();
        wake = Epoll.eventFd();
        Epoll.add(epoll, wake, Epoll.EPOLLIN, WAKE);
        for (int listener : listeners) {
            Epoll.add(epoll, listener, Epoll.EPOLLIN, listener);
        }
        thread = Thread.ofPlatform().name("accept-" + domain).daemon().start(this::run);
    }

    /// Listens on all addresses; port 0 takes any free port. Fails when one of them cannot be had.
    public static Listeners open(String domain, List<InetSocketAddress> wanted, Clock clock, Event.Sink events)
            throws ListenException {
        List<Integer> fds = new ArrayList<>();
        List<InetSocketAddress> addresses = new ArrayList<>();
        try {
            for (InetSocketAddress address : wanted) {
                fds.add(listen(address));
                addresses.add(new InetSocketAddress(address.getAddress(), Sockets.port(fds.getLast())));
            }
            return new Listeners(domain, fds, addresses, clock, events);
        } catch (ListenException e) {
            fds.forEach(Descriptors::close);
            throw e;
        } catch (PosixException e) {
            fds.forEach(Descriptors::close);
            throw new ListenException("cannot listen: " + e.getMessage(), e);
        }
    }

    /// Throws what `open` would throw; listens for a moment only.
    public static void tryOut(InetSocketAddress address) throws ListenException {
        Descriptors.close(listen(address));
    }

    private static int listen(InetSocketAddress address) throws ListenException {
        InetAddress host = address.getAddress();
        try {
            return Sockets.listenTcp(host.getAddress(), address.getPort(), BACKLOG);
        } catch (PosixException e) {
            throw new ListenException("cannot listen on " + host.getHostAddress() + " port " + address.getPort() + ": "
                    + e.getMessage() + remedy(e.errno()), e);
        }
    }

    private static String remedy(int errno) {
        return switch (errno) {
            case Errno.EADDRINUSE -> "; stop what uses the port, or configure another one";
            case Errno.EADDRNOTAVAIL -> "; this machine has no such address: configure one that it has";
            case Errno.EACCES -> "; ports below 1024 are the superuser's: configure another one";
            default -> "";
        };
    }

    /// Where clients reach the domain, ports as chosen, in the order given.
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    /// A guest listens: from now on connections go to it.
    public void serve(Channel channel) {
        synchronized (lock) {
            guest = Optional.of(channel);
            lock.notifyAll();
        }
    }

    /// The guest is gone or stops. Returns when nothing is being sent to it any more.
    public void suspend() {
        synchronized (lock) {
            guest = Optional.empty();
        }
        signal();
    }

    /// The guest has the connection: our duplicate is closed.
    public void taken(long id) {
        synchronized (lock) {
            Accepted accepted = sent.remove(id);
            if (accepted != null) {
                Descriptors.close(accepted.fd());
                lock.notifyAll();
            }
        }
    }

    /// After the fence: resets what the dead guest had touched without acknowledging it, and keeps the rest for its
    /// successor. Returns how many were reset.
    public int resetUnacknowledged() {
        synchronized (lock) {
            int count = 0;
            for (Accepted accepted : sent.values()) {
                if (isUntouched(accepted.fd())) {
                    unsent.add(accepted);
                } else {
                    reset(accepted.fd());
                    count++;
                }
            }
            sent.clear();
            return count;
        }
    }

    private static boolean isUntouched(int fd) {
        try {
            return Sockets.isUntouched(fd);
        } catch (PosixException e) {
            // Broken already.
            return false;
        }
    }

    private static void reset(int fd) {
        try {
            Sockets.resetOnClose(fd);
        } catch (PosixException e) {
            // Broken already: closing it is all there is to do.
        }
        Descriptors.close(fd);
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            int max = listeners.size() + 1;
            MemorySegment ready = arena.allocate((long) max * Epoll.EVENT_SIZE, Long.BYTES);
            while (awaitGuest()) {
                int count = Epoll.await(epoll, ready, max, WAIT_MS);
                for (int i = 0; i < count; i++) {
                    long data = Epoll.data(ready, i);
                    if (data == WAKE) {
                        Epoll.drain(wake);
                    } else {
                        acceptOne((int) data);
                    }
                }
            }
        } catch (PosixException e) {
            event("listen.failed", "why", String.valueOf(e.getMessage()));
        }
    }

    /// Waits for a guest that serves and for room; false when closed.
    private boolean awaitGuest() {
        synchronized (lock) {
            while (!closed && (guest.isEmpty() || sent.size() >= ON_THEIR_WAY_MAX)) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    return false;
                }
            }
            while (!closed && guest.isPresent() && !unsent.isEmpty() && send(unsent.getFirst())) {
                unsent.removeFirst();
            }
            return !closed;
        }
    }

    private void acceptOne(int listener) {
        synchronized (lock) {
            if (guest.isEmpty() || sent.size() >= ON_THEIR_WAY_MAX) {
                return;
            }
            int fd;
            try {
                fd = Sockets.accept(listener);
            } catch (PosixException e) {
                event("accept.failed", "why", String.valueOf(e.getMessage()));
                return;
            }
            if (fd < 0) {
                return;
            }
            try {
                var accepted = new Accepted(fd, Sockets.peerAddress(fd), Sockets.peerPort(fd));
                if (!send(accepted)) {
                    unsent.add(accepted);
                }
            } catch (PosixException e) {
                // The client has gone again.
                Descriptors.close(fd);
            }
        }
    }

    /// Hands a connection over; false when the guest is gone: its successor gets it.
    private boolean send(Accepted accepted) {
        long id = nextId++;
        sent.put(id, accepted);
        try {
            guest.orElseThrow().send(
                    new ChannelMessage.Connection(id, accepted.peerAddress(), accepted.peerPort()), accepted.fd());
            return true;
        } catch (IOException e) {
            sent.remove(id);
            guest = Optional.empty();
            return false;
        }
    }

    private void event(String name, Object... keysAndValues) {
        Object[] all = new Object[keysAndValues.length + 2];
        all[0] = "domain";
        all[1] = domain;
        System.arraycopy(keysAndValues, 0, all, 2, keysAndValues.length);
        events.accept(Event.of(clock, name, all));
    }

    private void signal() {
        try {
            Epoll.signal(wake);
        } catch (PosixException e) {
            event("listen.wake-failed", "why", String.valueOf(e.getMessage()));
        }
    }

    /// Stops listening; connections on their way are reset.
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            guest = Optional.empty();
            lock.notifyAll();
        }
        signal();
        Uninterruptibly.join(thread);
        sent.values().forEach(accepted -> reset(accepted.fd()));
        unsent.forEach(accepted -> reset(accepted.fd()));
        listeners.forEach(Descriptors::close);
        Descriptors.close(epoll);
        Descriptors.close(wake);
    }
}
