package hearth.system.serving;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Processes;
import hearth.cf.CfService;
import hearth.memory.channel.AdminRequest;
import hearth.memory.channel.BootConfig;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelException;
import hearth.memory.channel.ChannelMessage.Administer;
import hearth.memory.channel.ChannelMessage.Administered;
import hearth.memory.channel.ChannelMessage.Assign;
import hearth.memory.channel.ChannelMessage.Attached;
import hearth.memory.channel.ChannelMessage.Connection;
import hearth.memory.channel.ChannelMessage.ConnectionTaken;
import hearth.memory.channel.ChannelMessage.ConsistencyPointDone;
import hearth.memory.channel.ChannelMessage.EventLine;
import hearth.memory.channel.ChannelMessage.FirstReply;
import hearth.memory.channel.ChannelMessage.FromGuest;
import hearth.memory.channel.ChannelMessage.FromHost;
import hearth.memory.channel.ChannelMessage.Hello;
import hearth.memory.channel.ChannelMessage.Listening;
import hearth.memory.channel.ChannelMessage.RequestConsistencyPoint;
import hearth.memory.channel.ChannelMessage.Stop;
import hearth.memory.channel.ChannelMessage.Stopped;
import hearth.memory.channel.GuestExit;
import hearth.memory.region.BootStage;
import hearth.memory.region.HeartbeatPage;
import hearth.memory.region.Region;
import hearth.nmodule.net.FatalHandler;
import hearth.system.boot.BootEnvironment;
import hearth.system.boot.BootException;
import hearth.system.wiring.ChannelJournal;
import hearth.system.wiring.LazyRandom;
import hearth.system.wiring.Outbox;
import hearth.system.wiring.Threads;

/// The guest as domain 0 meets it: says hello, takes its order and the region, boots, and then does what the channel
/// asks until it is told to stop or the channel ends.
public final class GuestProgram {
    /// Version of the channel's messages.
    public static final int VERSION = 1;

    private static final int REQUESTS_MAX = 64;

    private final Channel channel;
    private final Clock clock;
    private final FatalHandler fatal;
    private final IntConsumer exit;
    private final long startedNs;
    private final Outbox outbox;
    private final BlockingQueue<RequestConsistencyPoint> requests = new ArrayBlockingQueue<>(REQUESTS_MAX);
    private final BlockingQueue<Administer> administration = new ArrayBlockingQueue<>(REQUESTS_MAX);
    private final ChannelJournal journal;
    private Optional<Incarnation> incarnation = Optional.empty();
    private boolean administering;
    // Held while a request is carried out, and for good by whoever stops the guest.
    private final ReentrantLock administers = new ReentrantLock();

    /// @param channel this guest's end
    /// @param exit ends the process at once, from any thread, when it cannot serve any more
    /// @param startedNs when the process began
    public GuestProgram(Channel channel, Clock clock, FatalHandler fatal, IntConsumer exit, long startedNs) {
        this.channel = channel;
        this.clock = clock;
        this.fatal = fatal;
        this.exit = exit;
        this.startedNs = startedNs;
        outbox = new Outbox(channel, fatal);
        journal = new ChannelJournal(channel);
    }

    /// Runs until the guest's end; returns what the process exits with, see `GuestExit`.
    public int run() throws IOException, InterruptedException {
        channel.send(new Hello(Processes.pid(), VERSION));
        Optional<Channel.Received> first = channel.receive();
        if (first.isEmpty()) {
            return GuestExit.HOST_GONE;
        }
        if (!(first.get().message() instanceof Assign assign)) {
            first.get().closeDescriptors();
            throw new ChannelException("no order but " + first.get().message());
        }
        if (Processes.parentPid() != assign.expectedParentPid()) {
            return GuestExit.ORPHAN;
        }
        Region region = attach(first.get());
        channel.send(new Attached());
        try {
            serve(region, assign);
        } catch (BootException e) {
            cannotServe(e.kind().name(), e);
            return GuestExit.CANNOT_SERVE;
        }
        return loop();
    }

    private static Region attach(Channel.Received order) throws IOException {
        try {
            return Region.attach(order.fds());
        } finally {
            order.closeDescriptors();
        }
    }

    private void serve(Region region, Assign assign) throws IOException {
        HeartbeatPage page = region.heartbeat();
        Runnable firstReply = () -> {
            page.stamp(BootStage.FIRST_REPLY, clock.monotonicNs());
            outbox.offer(new FirstReply());
        };
        var env = new BootEnvironment(region, assign, BootConfig.parse(assign.bootConfig()), clock, outbox, fatal,
                new LazyRandom(), journal, firstReply);
        Incarnation booted = Incarnation.boot(env, startedNs, this::cannotWrite);
        incarnation = Optional.of(booted);
        booted.listen();
        channel.send(new Listening(booted.plan().title(), booted.plan().reason().name()));
        Threads.start("consistency point requests", fatal, this::answerRequests);
    }

    /// The consistency points' thread: the aggregate takes no write any more.
    private void cannotWrite(IOException why) {
        cannotServe("WRITE", why);
        exit.accept(GuestExit.CANNOT_SERVE);
    }

    private void cannotServe(String kind, IOException why) {
        outbox.close();
        try {
            Event event = Event.of(clock, "guest.cannot-serve",
                    "kind", kind, "why", String.valueOf(why.getMessage()));
            channel.send(new EventLine(event.line()));
        } catch (IOException gone) {
            // Nobody is left to be told.
        }
    }

    private int loop() throws IOException, InterruptedException {
        Incarnation serving = incarnation.orElseThrow();
        while (true) {
            Optional<Channel.Received> received = journal.nextMessage();
            if (received.isEmpty()) {
                return GuestExit.HOST_GONE;
            }
            if (!(received.get().message() instanceof FromHost message)) {
                throw new ChannelException("a guest's message came from domain 0: " + received.get().message());
            }
            if (message instanceof Connection connection) {
                take(serving, connection, received.get().fds());
            } else if (message instanceof RequestConsistencyPoint request) {
                if (!requests.offer(request)) {
                    outbox.offer(new ConsistencyPointDone(request.id(), false, "too many requests"));
                }
            } else if (message instanceof Administer request) {
                administer(request);
            } else if (message instanceof Stop stop) {
                // A change that runs gets its consistency point; one that comes later finds no guest.
                administers.lock();
                serving.stop();
                outbox.close();
                channel.send(new Stopped(stop.id()));
                return GuestExit.STOPPED;
            } else {
                received.get().closeDescriptors();
                throw new ChannelException("unexpected " + message);
            }
        }
    }

    /// The thread for it is not started before somebody asks: a restart need not wait for it.
    private void administer(Administer request) {
        if (!administration.offer(request)) {
            outbox.offer(new Administered(
                    request.id(), AdminRequest.Outcome.REFUSED.ordinal(), List.of("too many requests at once")));
        } else if (!administering) {
            administering = true;
            Threads.start("administration", fatal, this::answerAdministration);
        }
    }

    private void answerAdministration() throws InterruptedException {
        while (true) {
            Administer request = administration.take();
            administers.lock();
            try {
                // Not through the outbox, which may drop: somebody waits for this one.
                channel.send(incarnation.orElseThrow().administer(request));
            } catch (IOException gone) {
                return;
            } finally {
                administers.unlock();
            }
        }
    }

    private void take(Incarnation serving, Connection connection, int[] fds) throws IOException {
        if (fds.length != 1) {
            for (int fd : fds) {
                Descriptors.close(fd);
            }
            throw new ChannelException("a connection with " + fds.length + " descriptors");
        }
        serving.adopt(fds[0], connection.peerAddress());
        channel.send(new ConnectionTaken(connection.id()));
    }

    private void answerRequests() throws InterruptedException {
        while (true) {
            RequestConsistencyPoint request = requests.take();
            incarnation.orElseThrow().consistencyPoint();
            FromGuest done = new ConsistencyPointDone(request.id(), true, "");
            outbox.offer(done);
        }
    }

    /// For a bench, once the guest listens: its storage, past the network.
    public CfService storage() {
        return incarnation.orElseThrow().storage();
    }

    /// For a rehearsal, where the process goes on: ends what a death would have ended.
    public void abandon() throws InterruptedException {
        if (incarnation.isPresent()) {
            incarnation.get().abandon();
        }
        outbox.close();
    }
}
