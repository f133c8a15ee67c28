package hearth.dmodule.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

import hearth.base.Units;
import hearth.memory.label.DiskGeometry;
import hearth.memory.label.DiskId;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionMaker;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.RingBack;
import hearth.memory.ring.Submission;

import static org.assertj.core.api.Assertions.assertThat;

/// A region of real memory files, real disk files, and a thread that serves the rings as domain 0 does; with faults,
/// damage and requests that hang for as long as a test wants.
public final class TestMachine implements AutoCloseable {
    public static final int BLOCKS = 4096;

    public final Region region;
    public final List<Disk> disks = new ArrayList<>();
    /// What was asked, in the order in which it was taken: "WRITE slot dbn blocks".
    public final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    /// Status that a request ends with instead of being executed.
    public volatile Function<Submission, Optional<DiskStatus>> faults = request -> Optional.empty();
    /// Requests that are not executed until they no longer match.
    public volatile Predicate<Submission> hanging = request -> false;
    public volatile boolean recording = true;

    private final List<FileChannel> files = new ArrayList<>();
    private final List<Submission> held = new ArrayList<>();
    private final RingBack back;
    private final Thread server;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<DiskFrontEnd> fronts = new ArrayList<>();
    private volatile boolean closed;

    public TestMachine(Path folder, int diskCount) throws IOException {
        this(folder, diskCount, 32);
    }

    public TestMachine(Path folder, int diskCount, int ringEntries) throws IOException {
        var geometry = new RegionGeometry(
                2L << 20, 2L << 20, 8, 64, 128, ringEntries, 4L << 20, 64 << 10, 0);
        region = RegionMaker.make("test", geometry, new Random(7));
        Random random = new Random(diskCount);
        for (int slot = 0; slot < diskCount; slot++) {
            FileChannel file = FileChannel.open(folder.resolve("disk" + slot),
                    StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            file.write(ByteBuffer.allocate(1), (long) BLOCKS * Units.BLOCK_SIZE - 1);
            files.add(file);
            disks.add(new Disk(slot, DiskId.random(random), BLOCKS));
        }
        back = region.ringBack();
        server = Thread.ofPlatform().name("test back-end").start(this::serve);
    }

    /// A guest's front-end; one at a time.
    public DiskFrontEnd front() {
        DiskFrontEnd front = new DiskFrontEnd(region.ringFront(), region.control().epoch(),
                section -> region.heartbeat().addProbe(section), failure::set);
        fronts.add(front);
        return front;
    }

    public byte[] block(int disk, long dbn) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Units.BLOCK_SIZE);
        files.get(disk).read(bytes, dbn * Units.BLOCK_SIZE);
        return bytes.array();
    }

    public void setBlock(int disk, long dbn, byte[] bytes) throws IOException {
        files.get(disk).write(ByteBuffer.wrap(bytes), dbn * Units.BLOCK_SIZE);
    }

    /// Flips one bit of a disk's block behind everybody's back.
    public void damage(int disk, long dbn) throws IOException {
        byte[] bytes = block(disk, dbn);
        bytes[77] ^= 4;
        setBlock(disk, dbn, bytes);
    }

    public void setLabel(int disk, byte[] label) throws IOException {
        setBlock(disk, DiskGeometry.FRONT_LABEL_DBN, label);
        setBlock(disk, DiskGeometry.backLabelDbn(BLOCKS), label);
    }

    public static byte[] randomBlock(long seed) {
        byte[] bytes = new byte[Units.BLOCK_SIZE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    public static int crc(byte[] bytes) {
        var crc = new java.util.zip.CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private void serve() {
        try {
            Submission request = new Submission();
            while (!closed) {
                int seen = back.submissionBell().sequence();
                boolean any = releaseHeld();
                while (back.take(request) == RingBack.Taken.ENTRY) {
                    any = true;
                    if (recording) {
                        asked.add((request.op == 1 ? "READ " : request.op == 2 ? "WRITE " : "FLUSH ")
                                + request.slot + " " + request.dbn + " " + request.blocks);
                    }
                    if (hanging.test(request)) {
                        held.add(request.copy());
                    } else {
                        execute(request);
                    }
                }
                if (any) {
                    back.ring();
                } else {
                    back.submissionBell().await(seen, 2_000_000);
                }
            }
        } catch (Throwable e) {
            failure.set(e);
        }
    }

    private boolean releaseHeld() throws IOException {
        boolean any = false;
        for (Submission request : List.copyOf(held)) {
            if (!hanging.test(request)) {
                held.remove(request);
                execute(request);
                any = true;
            }
        }
        return any;
    }

    private void execute(Submission request) throws IOException {
        Optional<DiskStatus> fault = faults.apply(request);
        if (fault.isPresent()) {
            answer(request, fault.get(), 5, 0);
            return;
        }
        FileChannel file = files.get(request.slot);
        if (request.op == DiskOp.FLUSH.code()) {
            file.force(false);
            answer(request, DiskStatus.OK, 0, 0);
            return;
        }
        DiskOp op = request.op == DiskOp.READ.code() ? DiskOp.READ : DiskOp.WRITE;
        int length = request.blocks * Units.BLOCK_SIZE;
        Optional<MemorySegment> memory =
                region.transferMemory().find(op, request.file, request.memoryOffset, length);
        if (memory.isEmpty() || request.dbn < 0 || request.dbn + request.blocks > BLOCKS) {
            answer(request, DiskStatus.BAD_REQUEST, 0, 0);
        } else if (op == DiskOp.READ) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            file.read(bytes, request.dbn * Units.BLOCK_SIZE);
            memory.get().copyFrom(MemorySegment.ofArray(bytes.array()));
            answer(request, DiskStatus.OK, 0, length);
        } else {
            ByteBuffer bytes = ByteBuffer.wrap(memory.get().toArray(ValueLayout.JAVA_BYTE));
            answer(request, DiskStatus.OK, 0, file.write(bytes, request.dbn * Units.BLOCK_SIZE));
        }
    }

    private void answer(Submission request, DiskStatus status, int errno, int bytes) {
        assertThat(back.complete(request.tag, request.epoch, status, errno, bytes)).isTrue();
    }

    /// A failure that the test wanted.
    public void forgetFailure() {
        failure.set(null);
    }

    /// What went wrong in a thread of this machine or of a front-end.
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        hanging = request -> false;
        closed = true;
        server.join();
        for (DiskFrontEnd front : fronts) {
            front.close();
        }
        for (FileChannel file : files) {
            file.close();
        }
        region.close();
        if (failure.get() != null) {
            throw new AssertionError("a thread of the machine failed", failure.get());
        }
    }
}
