package hearth.domain0.domain;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import hearth.base.Units;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Epoll;
import hearth.base.posix.Processes;
import hearth.base.posix.Sockets;
import hearth.domain0.journal.TestLogWriter;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.label.LabelCodec;
import hearth.memory.label.LabelRead;
import hearth.memory.label.MemberState;
import hearth.memory.region.BootStage;
import hearth.memory.region.Counter;
import hearth.memory.region.GuestState;
import hearth.memory.region.HeartbeatPage;
import hearth.memory.region.Region;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.IoSection;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.Submission;
import hearth.memory.ring.TransferFile;

/// A guest as small as can be, run as a process of its own: reads one label when it boots conventionally, appends one
/// log record for each byte that a client sends and answers with the record's number.
public final class TestGuest {
    private final String mode;
    private final Channel channel = new Channel(3);
    private final ChannelMessage.Assign assign;
    private final Region region;
    private final HeartbeatPage page;
    private final TestLogWriter log;
    private final RingFront ring;

    private TestGuest(String mode) throws IOException {
        this.mode = mode;
        channel.send(new ChannelMessage.Hello((int) ProcessHandle.current().pid(), 1));
        Channel.Received received = channel.receive().orElseThrow();
        assign = (ChannelMessage.Assign) received.message();
        Processes.dieWithParent(assign.expectedParentPid());
        region = Region.attach(received.fds());
        received.closeDescriptors();
        page = region.heartbeat();
        ring = region.ringFront();
        page.begin(assign.incarnation(), System.nanoTime());
        page.stamp(BootStage.ATTACHED, System.nanoTime());
        log = new TestLogWriter(region, assign.incarnation(), 1000);
    }

    public static void main(String[] arguments) {
        try {
            new TestGuest(arguments[0]).run();
        } catch (Throwable e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(99);
        }
    }

    private void run() throws IOException {
        channel.send(new ChannelMessage.Attached());
        channel.send(new ChannelMessage.EventLine("guest.boots mode=" + mode + " boot=\"" + assign.bootConfig().size()
                + " lines\""));
        if (mode.equals("die-booting")) {
            Runtime.getRuntime().halt(3);
        }
        if (mode.equals("cannot-serve")) {
            channel.send(new ChannelMessage.EventLine("guest.cannot-serve why=\"two halves lived apart\""));
            Runtime.getRuntime().halt(72);
        }
        boolean fast = assign.fastAllowed() && region.root().committed().isPresent();
        String plan = fast ? "fast" : "conventional";
        if (!fast) {
            page.addProbe(IoSection.DEVICES.ordinal());
            for (int i = 0; i < (mode.equals("probe-twice") ? 2 : 1); i++) {
                request(DiskOp.READ, 0, IoSection.DEVICES);
            }
            if (mode.equals("drop-member")) {
                dropMember();
            }
            region.root().commit(new byte[Units.BLOCK_SIZE], assign.incarnation());
        }
        page.stamp(BootStage.PLANNED, System.nanoTime());
        page.stamp(BootStage.LISTENING, System.nanoTime());
        page.setState(GuestState.LISTENING);
        channel.send(new ChannelMessage.Listening(plan, "test"));
        if (mode.equals("die-young")) {
            Runtime.getRuntime().halt(4);
        }
        if (mode.equals("speak-nonsense")) {
            channel.send(new ChannelMessage.Stop(1));
        }
        serve();
    }

    /// Writes the front label of disk 0 again, with a generation in which disk 1 is missing.
    private void dropMember() {
        byte[] block = ring.staging(0, 1).toArray(ValueLayout.JAVA_BYTE);
        if (!(LabelCodec.decode(block) instanceof LabelRead.Valid(var label))) {
            throw new IllegalStateException("no label");
        }
        byte[] moved = label.withStates(List.of(MemberState.IN_SYNC, MemberState.MISSING),
                label.generation().next(new Random(1)), assign.incarnation()).encode();
        MemorySegment.copy(moved, 0, ring.staging(0, 1), ValueLayout.JAVA_BYTE, 0, moved.length);
        request(DiskOp.WRITE, 0, IoSection.NORMAL);
        request(DiskOp.FLUSH, 0, IoSection.NORMAL);
    }

    /// One request for block 0 of disk 0, through the first staging slot.
    private void request(DiskOp op, long dbn, IoSection section) {
        var entry = new Submission();
        entry.op = op.code();
        entry.dbn = dbn;
        entry.blocks = op == DiskOp.FLUSH ? 0 : 1;
        entry.file = TransferFile.RINGS.ordinal();
        entry.memoryOffset = ring.stagingOffset(0);
        entry.epoch = assign.epoch();
        entry.section = section.ordinal();
        if (!ring.submit(entry)) {
            throw new IllegalStateException("ring is full");
        }
        ring.ring();
        List<DiskStatus> answers = new ArrayList<>();
        int seen = ring.completionBell().sequence();
        while (ring.takeCompletions((_, _, status, _, _) -> answers.add(status)) == 0) {
            seen = ring.completionBell().await(seen, 100_000_000L);
        }
        if (answers.getFirst() != DiskStatus.OK) {
            throw new IllegalStateException(op + ": " + answers);
        }
    }

    private void serve() throws IOException {
        while (true) {
            Channel.Received received = channel.receive().orElseThrow();
            switch (received.message()) {
                case ChannelMessage.Connection connection -> {
                    int fd = received.fds()[0];
                    if (!mode.equals("never-take")) {
                        channel.send(new ChannelMessage.ConnectionTaken(connection.id()));
                    }
                    Thread.ofPlatform().daemon().start(() -> answer(fd));
                }
                case ChannelMessage.RequestConsistencyPoint(long id) -> {
                    synchronized (log) {
                        log.consistencyPoint(1000 + id);
                    }
                    channel.send(new ChannelMessage.ConsistencyPointDone(id, true, "done"));
                }
                case ChannelMessage.Stop(long id) -> {
                    if (!mode.equals("never-stop")) {
                        channel.send(new ChannelMessage.Stopped(id));
                        Runtime.getRuntime().halt(0);
                    }
                }
                default -> throw new IllegalStateException("unexpected " + received.message());
            }
        }
    }

    private void answer(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            int epoll = Epoll.create();
            Epoll.add(epoll, fd, Epoll.EPOLLIN, 0);
            MemorySegment ready = arena.allocate(Epoll.EVENT_SIZE, Long.BYTES);
            MemorySegment one = arena.allocate(1);
            while (true) {
                Epoll.await(epoll, ready, 1, -1);
                int received = Sockets.receiveInto(fd, one);
                if (received == 0) {
                    break;
                }
                if (received < 0) {
                    continue;
                }
                String answer;
                synchronized (log) {
                    log.append();
                    answer = String.format(Locale.ROOT, "%d %d\n", assign.incarnation(), log.lastLsn());
                }
                byte[] bytes = answer.getBytes(StandardCharsets.US_ASCII);
                MemorySegment text = arena.allocate(bytes.length);
                MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
                Sockets.sendFrom(fd, text);
                page.addCounter(Counter.ANSWERS, 1);
            }
            Descriptors.close(epoll);
            Descriptors.close(fd);
        } catch (IOException e) {
            Descriptors.close(fd);
        }
    }
}
