package hearth.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

import hearth.base.Clock;
import hearth.base.Units;
import hearth.domain0.disk.DeviceTable;
import hearth.domain0.disk.Disk;
import hearth.domain0.disk.DiskBackEnd;
import hearth.memory.label.DiskId;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionMaker;
import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.RingBack;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.RingLayout;
import hearth.memory.ring.RingPlan;
import hearth.memory.ring.Submission;

/// What a guest writes into the rings, as domain 0 reads it: first the raw memory, then up to four whole entries for
/// the back-end of a disk. Each entry is answered once, and nothing is read or written that lies outside disk or
/// region.
final class RingTarget implements Target {
    private static final RingPlan PLAN = new RingPlan(0, 4, 0);
    private static final int ENTRIES_MAX = 4;
    private static final int ENTRY_BYTES = 45;
    private static final long DISK_BLOCKS = 1024;
    private static final long WAIT_NS = 1_000_000_000L;
    private static final RegionGeometry SMALL = new RegionGeometry(
            2L * Units.MIB, 2L * Units.MIB, 4, 8, 128, 16, 2L * Units.MIB, Units.BLOCK_SIZE, 0);

    private final MemorySegment raw = Arena.global().allocate(PLAN.endOffset(), Units.BLOCK_SIZE);
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Region region = region();
    private final DeviceTable devices = new DeviceTable(region.control());
    private final DiskBackEnd backEnd;
    private final RingFront front = region.ringFront();
    private final List<Long> answered = new ArrayList<>();
    private boolean planted;
    private long tags;

    RingTarget() {
        devices.attach(0, new DiskId(1, 2), new MemoryDisk());
        backEnd = new DiskBackEnd(region, devices, 1, new DiskBackEnd.Listener() {
            @Override
            public void labelDurable(int slot, byte[] block) {}

            @Override
            public void ringNonsense() {
                events.add("nonsense");
            }
        }, Clock.SYSTEM, event -> events.add(event.line()));
        backEnd.open(region.control().epoch());
    }

    private static Region region() {
        try {
            return RegionMaker.make("fuzz", SMALL, new Random(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void accept(byte[] input) {
        rawRing(input);
        var in = new Input(input);
        List<Long> asked = new ArrayList<>();
        answered.clear();
        for (int i = 0; i < ENTRIES_MAX && in.hasMore(); i++) {
            Submission entry = entry(in);
            asked.add(entry.tag);
            Property.holds(front.submit(entry), "no room in an empty ring");
        }
        if (asked.isEmpty()) {
            return;
        }
        front.ring();
        long endNs = System.nanoTime() + 5 * WAIT_NS;
        while (answered.size() < asked.size() && System.nanoTime() - endNs < 0) {
            int seen = front.completionBell().sequence();
            if (front.takeCompletions(this::completed) == 0) {
                front.completionBell().await(seen, WAIT_NS / 100);
            }
        }
        Property.holds(answered.stream().sorted().toList().equals(asked), "answered " + answered + " of " + asked);
        Property.holds(events.isEmpty(), events.toString());
    }

    private void completed(long tag, long epoch, DiskStatus status, int errno, int bytes) {
        Property.holds(status != DiskStatus.IO_ERROR && status != DiskStatus.SHORT, "the disk was asked in vain");
        answered.add(tag);
    }

    private Submission entry(Input in) {
        var entry = new Submission();
        entry.op = in.int4();
        entry.slot = in.int4();
        entry.dbn = in.long8();
        entry.blocks = in.int4();
        entry.file = in.int4();
        entry.memoryOffset = in.long8();
        entry.section = in.int4();
        entry.flags = in.int4();
        entry.epoch = region.control().epoch() + (byte) in.byte1();
        entry.tag = tags++;
        if (planted && entry.op == 1 && entry.slot == 0 && entry.blocks > 0 && entry.dbn >= 0
                && entry.dbn + entry.blocks < 0) {
            throw new PlantedBug("beyond the disk's end is before it");
        }
        return entry;
    }

    /// Any words and entries: an answer each time, and no more entries than the ring has.
    private void rawRing(byte[] input) {
        raw.fill((byte) 0);
        var in = new Input(input);
        raw.set(ValueLayout.JAVA_LONG, RingLayout.SUBMISSION_TAIL_OFFSET, in.long8());
        raw.set(ValueLayout.JAVA_LONG, RingLayout.SUBMISSION_HEAD_OFFSET, in.long8());
        raw.set(ValueLayout.JAVA_LONG, RingLayout.COMPLETION_HEAD_OFFSET, in.long8());
        raw.set(ValueLayout.JAVA_LONG, RingLayout.COMPLETION_TAIL_OFFSET, in.long8());
        var back = new RingBack(raw, PLAN);
        var entry = new Submission();
        int taken = 0;
        while (back.take(entry) == RingBack.Taken.ENTRY) {
            taken++;
            Property.holds(taken <= PLAN.entries(), "more entries than there are");
        }
        for (int i = 0; i <= PLAN.entries(); i++) {
            boolean room = back.complete(1, 2, DiskStatus.OK, 0, 0);
            Property.holds(i < PLAN.entries() || !room, "more completions than there is room for");
        }
    }

    /// Adds the blocks to the first block before it looks at the disk's size.
    @Override
    public void acceptPlanted(byte[] input) {
        planted = true;
        accept(input);
    }

    @Override
    public List<byte[]> seeds() {
        long staging = front.stagingOffset(0);
        long frame = SMALL.cachePlan().framesOffset();
        return List.of(
                seed(1, 0, 5, 2, 0, staging),
                seed(2, 0, 9, 1, 0, staging),
                seed(1, 0, 5, 1, 1, frame),
                seed(3, 0, 0, 0, 0, 0),
                two(seed(2, 0, DISK_BLOCKS - 1, 1, 2, 1 << 20), seed(1, 3, 0, 256, 0, staging)));
    }

    private static byte[] seed(int op, int slot, long dbn, int blocks, int file, long offset) {
        return new Input.Writer().int4(op).int4(slot).long8(dbn).int4(blocks).int4(file).long8(offset).int4(7).int4(0)
                .byte1(0).done();
    }

    private static byte[] two(byte[] first, byte[] second) {
        return new Input.Writer().bytes(first).bytes(second).done();
    }

    @Override
    public int bytesMax() {
        return ENTRIES_MAX * ENTRY_BYTES;
    }

    @Override
    public String observed() {
        return "hearth.memory.**:hearth.domain0.disk.**:hearth.fuzz.**";
    }

    @Override
    public void close() {
        backEnd.close();
        devices.close();
        region.close();
    }

    /// Answers for every block that it has, and fails for any other.
    private static final class MemoryDisk implements Disk {
        @Override
        public long readAt(MemorySegment to, long offsetBytes) throws IOException {
            within(to, offsetBytes);
            to.fill((byte) 1);
            return to.byteSize();
        }

        @Override
        public void writeAt(MemorySegment from, long offsetBytes) throws IOException {
            within(from, offsetBytes);
            from.get(ValueLayout.JAVA_BYTE, from.byteSize() - 1);
        }

        private void within(MemorySegment bytes, long offsetBytes) throws IOException {
            if (offsetBytes < 0 || offsetBytes > sizeBytes() - bytes.byteSize()) {
                throw new IOException("outside the disk: " + offsetBytes);
            }
        }

        @Override
        public void flush() {}

        @Override
        public long sizeBytes() {
            return DISK_BLOCKS * Units.BLOCK_SIZE;
        }

        @Override
        public void close() {}
    }
}
