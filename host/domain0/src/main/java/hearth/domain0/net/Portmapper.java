package hearth.domain0.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Uninterruptibly;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Errno;
import hearth.base.posix.PosixException;
import hearth.base.posix.Sockets;

/// Answers as the portmapper of one address, over TCP and UDP, on a thread of its own. Domain 0's, like the listeners:
/// it answers while a guest restarts, and the ports that it tells stay the same.
///
/// Invariants: at most `CONNECTIONS_MAX` connections, the one that was silent longest goes first; of each at most one
/// record is held, and none is read before the replies to those before it are gone.
public final class Portmapper implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 64;
    private static final int BACKLOG = 64;
    private static final String REMEDY_TAKEN =
            "; stop the portmapper that has it (rpcbind), or leave out 'portmapper'";

    private final String domain;
    private final PortMap map;
    private final Clock clock;
    private final Event.Sink events;
    private final Selector selector;
    private final ServerSocketChannel stream;
    private final DatagramChannel datagrams;
    private final ByteBuffer received = ByteBuffer.allocateDirect(PortMap.CALL_BYTES_MAX);
    // The one that was heard last is the last.
    private final Map<SocketChannel, Connection> connections = new LinkedHashMap<>(16, 0.75f, true);
    private final Thread thread;
    private volatile boolean closed;

    /// What has come in part, what has not gone out yet, and calls behind it.
    private static final class Connection {
        private final RecordStream records = new RecordStream(PortMap.CALL_BYTES_MAX);
        private ByteBuffer reply = ByteBuffer.allocate(0);
        private ByteBuffer unread = ByteBuffer.allocate(0);
    }

    private Portmapper(String domain, PortMap map, Clock clock, Event.Sink events, Selector selector,
            ServerSocketChannel stream, DatagramChannel datagrams) {
        this.domain = domain;
        this.map = map;
        this.clock = clock;
        this.events = events;
        this.selector = selector;
        this.stream = stream;
        this.datagrams = datagrams;
        thread = Thread.ofPlatform().name("portmapper-" + domain).daemon().start(this::run);
    }

    /// Answers on an address from now on. Fails with one line that names address, port and remedy.
    ///
    /// @param port 111; tests choose another one, 0 for any
    public static Portmapper open(
            String domain, InetAddress address, int port, PortMap map, Clock clock, Event.Sink events)
            throws ListenException {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            tryOut(address, port);
            var selector = Selector.open();
            opened.add(selector);
            var stream = ServerSocketChannel.open(StandardProtocolFamily.INET);
            opened.add(stream);
            stream.bind(new InetSocketAddress(address, port), BACKLOG);
            stream.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            var datagrams = DatagramChannel.open(StandardProtocolFamily.INET);
            opened.add(datagrams);
            datagrams.bind(stream.getLocalAddress());
            datagrams.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            return new Portmapper(domain, map, clock, events, selector, stream, datagrams);
        } catch (ListenException e) {
            throw e;
        } catch (IOException e) {
            opened.reversed().forEach(Portmapper::close);
            throw new ListenException("cannot be portmapper on " + address.getHostAddress() + " port " + port + ": "
                    + e.getMessage() + REMEDY_TAKEN, e);
        }
    }

    /// Throws what `open` would throw; listens for a moment only.
    public static void tryOut(InetAddress address, int port) throws ListenException {
        try {
            Descriptors.close(Sockets.listenTcp(address.getAddress(), port, 1));
            tryOutDatagrams(address, port);
        } catch (PosixException e) {
            String remedy = switch (e.errno()) {
                case Errno.EADDRINUSE -> REMEDY_TAKEN;
                case Errno.EACCES -> "; ports below 1024 are the superuser's: leave out 'portmapper', or be root";
                case Errno.EADDRNOTAVAIL -> "; this machine has no such address: configure one that it has";
                default -> "";
            };
            throw new ListenException("cannot be portmapper on " + address.getHostAddress() + " port " + port + ": "
                    + e.getMessage() + remedy, e);
        }
    }

    private static void tryOutDatagrams(InetAddress address, int port) throws ListenException {
        try (var datagrams = DatagramChannel.open(StandardProtocolFamily.INET)) {
            datagrams.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new ListenException("cannot be portmapper on " + address.getHostAddress() + " UDP port " + port + ": "
                    + e.getMessage() + REMEDY_TAKEN, e);
        }
    }

    /// Where it answers.
    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) stream.getLocalAddress();
    }

    private void run() {
        try {
            while (!closed) {
                selector.select();
                var ready = List.copyOf(selector.selectedKeys());
                selector.selectedKeys().clear();
                for (SelectionKey key : ready) {
                    serve(key);
                }
            }
        } catch (IOException e) {
            events.accept(Event.of(clock, "portmapper.failed", "domain", domain, "why", String.valueOf(e)));
        } finally {
            // A port that nobody answers at would keep clients waiting.
            close(stream);
            close(datagrams);
        }
    }

    private void serve(SelectionKey key) throws IOException {
        if (!key.isValid()) {
            return;
        }
        if (key.channel() == stream) {
            accept();
        } else if (key.channel() == datagrams) {
            answerDatagram();
        } else {
            var channel = (SocketChannel) key.channel();
            Connection connection = connections.get(channel);
            try {
                if (connection == null || !isGoingOn(key, channel, connection)) {
                    drop(channel);
                }
            } catch (IOException e) {
                // The client has gone.
                drop(channel);
            }
        }
    }

    private void accept() {
        SocketChannel channel;
        try {
            channel = stream.accept();
        } catch (IOException e) {
            // It has gone again, or this process has no descriptor left: the next one may have better luck.
            events.accept(Event.of(clock, "accept.failed", "domain", domain, "why", String.valueOf(e.getMessage())));
            return;
        }
        if (channel == null) {
            return;
        }
        if (connections.size() >= CONNECTIONS_MAX) {
            drop(connections.keySet().iterator().next());
        }
        try {
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            connections.put(channel, new Connection());
        } catch (IOException e) {
            // This client has gone; the others have not.
            close(channel);
        }
    }

    private void drop(SocketChannel channel) {
        connections.remove(channel);
        close(channel);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            // Nothing that it held is of use to anybody.
        }
    }

    /// Reads, answers and sends as far as it goes; false when the connection is at its end.
    private boolean isGoingOn(SelectionKey key, SocketChannel channel, Connection connection) throws IOException {
        if (!connection.reply.hasRemaining() && !connection.unread.hasRemaining()) {
            received.clear();
            if (channel.read(received) < 0) {
                return false;
            }
            received.flip();
            connection.unread = ByteBuffer.allocate(received.remaining()).put(received).flip();
        }
        while (true) {
            channel.write(connection.reply);
            if (connection.reply.hasRemaining()) {
                key.interestOps(SelectionKey.OP_WRITE);
                return true;
            }
            Optional<ByteBuffer> call = connection.records.next(connection.unread);
            if (connection.records.isExcessive()) {
                return false;
            }
            if (call.isEmpty()) {
                key.interestOps(SelectionKey.OP_READ);
                return true;
            }
            map.answer(call.get()).ifPresent(reply -> connection.reply = RecordStream.marked(reply));
        }
    }

    private void answerDatagram() {
        try {
            received.clear();
            SocketAddress from = datagrams.receive(received);
            if (from != null) {
                Optional<ByteBuffer> reply = map.answer(received.flip());
                if (reply.isPresent()) {
                    // One that cannot be sent now is lost, as datagrams are; the client asks again.
                    datagrams.send(reply.get(), from);
                }
            }
        } catch (IOException e) {
            // About an earlier datagram's receiver, or one to whom there is no way.
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        Uninterruptibly.join(thread);
        List.copyOf(connections.keySet()).forEach(this::drop);
        close(stream);
        close(datagrams);
        close(selector);
    }
}
