package hearth.system.rehearsal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.posix.Descriptors;
import hearth.base.posix.PosixException;
import hearth.base.posix.Processes;
import hearth.base.posix.Sockets;
import hearth.cf.CfService;
import hearth.memory.channel.AdminRequest;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.channel.ChannelMessage.Administer;
import hearth.memory.channel.ChannelMessage.Administered;
import hearth.memory.channel.ChannelMessage.Assign;
import hearth.memory.channel.ChannelMessage.Attached;
import hearth.memory.channel.ChannelMessage.Connection;
import hearth.memory.channel.ChannelMessage.ConnectionTaken;
import hearth.memory.channel.ChannelMessage.ConsistencyPointDone;
import hearth.memory.channel.ChannelMessage.EventLine;
import hearth.memory.channel.ChannelMessage.FirstReply;
import hearth.memory.channel.ChannelMessage.Hello;
import hearth.memory.channel.ChannelMessage.JournalPiece;
import hearth.memory.channel.ChannelMessage.JournalWanted;
import hearth.memory.channel.ChannelMessage.Listening;
import hearth.memory.channel.ChannelMessage.RequestConsistencyPoint;
import hearth.memory.channel.ChannelMessage.Stop;
import hearth.memory.channel.ChannelMessage.Stopped;
import hearth.memory.channel.GuestExit;
import hearth.system.serving.GuestProgram;
import hearth.system.wiring.Halt;

/// A guest on a thread of this process, spoken to as domain 0 does: over a real channel, with real descriptors. One
/// thread uses it.
public final class RehearsalGuest {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int BACKLOG = 16;
    private static final long END_S = 30;

    private final RehearsalHost host;
    private final Channel channel;
    private final int listener;
    private final GuestProgram program;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<String> events = new ArrayList<>();
    private Optional<Listening> listening = Optional.empty();
    private boolean firstReply;
    private volatile int exitCode = -1;
    private long connections;

    /// Starts the next incarnation and waits until it listens or has ended.
    public RehearsalGuest(RehearsalHost host) throws IOException {
        this.host = host;
        int[] pair = Sockets.pair();
        channel = new Channel(pair[0]);
        listener = Sockets.listenTcp(LOOPBACK, 0, BACKLOG);
        var theirs = new Channel(pair[1]);
        Halt halt = new Halt();
        program = new GuestProgram(theirs, Clock.SYSTEM, halt, code -> exitCode = code, System.nanoTime());
        Thread.ofPlatform().name("rehearsal guest").daemon().start(() -> {
            try {
                exitCode = program.run();
                ended.countDown();
            } catch (Throwable escaped) {
                halt.fatal("rehearsal", escaped);
            }
        });
        Assign order = host.assign();
        channel.send(new Assign(order.domain(), order.incarnation(), order.epoch(), Processes.parentPid(),
                order.fastAllowed(), order.bootConfig()), host.region().descriptors());
        while (listening.isEmpty() && exitCode < 0) {
            next();
        }
    }

    /// Takes one message of the guest.
    private ChannelMessage next() throws IOException {
        Channel.Received received = channel.receive().orElseThrow(() -> Check.failed("the guest closed the channel"));
        switch (received.message()) {
            case Hello _, Attached _, ConnectionTaken _, ConsistencyPointDone _, Stopped _, Administered _ -> {}
            case Listening now -> listening = Optional.of(now);
            case FirstReply _ -> firstReply = true;
            case EventLine(String text) -> {
                events.add(text);
                if (text.startsWith("guest.cannot-serve")) {
                    exitCode = GuestExit.CANNOT_SERVE;
                }
            }
            case JournalWanted(long lsn, int fromByte) -> giveBack(lsn, fromByte);
            default -> throw Check.failed("a guest does not say " + received.message());
        }
        return received.message();
    }

    private void giveBack(long lsn, int fromByte) throws IOException {
        byte[] record = host.flushedRecord(lsn).orElse(new byte[0]);
        int to = Math.min(record.length, fromByte + ChannelMessage.PIECE_BYTES_MAX);
        channel.send(new JournalPiece(lsn, fromByte, record.length,
                Arrays.copyOfRange(record, Math.min(fromByte, to), to)));
    }

    /// The plan that the guest carried out; empty when it does not listen.
    public Optional<Listening> listening() {
        return listening;
    }

    /// The guest's storage, past the network. It listens.
    public CfService storage() {
        return program.storage();
    }

    /// Lines that came so far.
    public List<String> events() {
        return List.copyOf(events);
    }

    /// What the program ended with; -1 while it runs.
    public int exitCode() {
        return exitCode;
    }

    /// Whether the guest has announced its first reply; takes messages until it has.
    public void awaitFirstReply() throws IOException {
        while (!firstReply) {
            next();
        }
    }

    /// Takes messages until an event that begins so has come.
    public void awaitEvent(String beginning) throws IOException {
        while (events.stream().noneMatch(line -> line.startsWith(beginning))) {
            next();
        }
    }

    /// A client on a connection that was accepted here and handed over.
    public NfsClient connect(int firstXid) throws IOException {
        var client = new NfsClient(Sockets.port(listener), firstXid);
        int fd = accept();
        connections++;
        channel.send(new Connection(connections, Sockets.peerAddress(fd), Sockets.peerPort(fd)), fd);
        while (!(next() instanceof ConnectionTaken taken && taken.id() == connections)) {
            // Others come in between.
        }
        Descriptors.close(fd);
        return client;
    }

    private int accept() throws PosixException {
        while (true) {
            int fd = Sockets.accept(listener);
            if (fd >= 0) {
                return fd;
            }
            Thread.onSpinWait();
        }
    }

    /// Asks for a consistency point and waits for it.
    public void consistencyPoint(long id) throws IOException {
        channel.send(new RequestConsistencyPoint(id));
        while (!(next() instanceof ConsistencyPointDone done && done.id() == id)) {
            // Others come in between.
        }
    }

    /// Has an administrator's request carried out and waits for the answer.
    public Administered administer(AdminRequest request) throws IOException {
        channel.send(new Administer(1, request.lines()));
        while (true) {
            if (next() instanceof Administered done) {
                return done;
            }
        }
    }

    /// Stops the guest in order, and fences what is left.
    public void stop() throws IOException, InterruptedException {
        channel.send(new Stop(1));
        while (!(next() instanceof Stopped)) {
            // Others come in between.
        }
        awaitEnd();
        release();
    }

    /// As near to a kill as one process allows, and the fence behind it.
    public void die() throws IOException, InterruptedException {
        Sockets.shutdown(channel.fd());
        awaitEnd();
        program.abandon();
        release();
    }

    private void awaitEnd() throws InterruptedException {
        Check.that(ended.await(END_S, TimeUnit.SECONDS), "the guest's program did not end");
    }

    private void release() {
        Descriptors.close(listener);
        channel.close();
        host.fence();
    }
}
