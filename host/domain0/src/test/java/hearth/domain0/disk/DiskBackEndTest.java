package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.memory.cache.CachePlan;
import hearth.memory.label.DiskId;
import hearth.memory.region.ControlPage;
import hearth.memory.region.Region;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.IoSection;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.Submission;
import hearth.memory.ring.TransferFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// Goal: requests are executed once, for who asked, in the epoch in which it asked, and the fence holds what is still
/// in flight. Method: a real region and real files; the test is the guest at the other side of the rings.
class DiskBackEndTest {
    private static final long DISK_BYTES = 4L * Units.MIB;
    private static final int LAST_DBN = 1023;

    @TempDir
    private Path folder;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<Integer> labelWrites = new CopyOnWriteArrayList<>();
    private final CountDownLatch nonsense = new CountDownLatch(1);
    private Region region;
    private ControlPage control;
    private HoldingDisk disk;
    private DeviceTable devices;
    private DiskBackEnd backEnd;
    private Front front;

    @BeforeEach
    void open() throws IOException {
        region = TestRegions.make("a");
        control = region.control();
        disk = new HoldingDisk(FileDisk.create(folder.resolve("disk"), DISK_BYTES));
        devices = new DeviceTable(control);
        devices.attach(0, new DiskId(1, 2), disk);
        devices.absent(1, new DiskId(3, 4), 1024);
        backEnd = new DiskBackEnd(region, devices, 4, new DiskBackEnd.Listener() {
            @Override
            public void labelDurable(int slot, byte[] block) {
                labelWrites.add(slot);
            }

            @Override
            public void ringNonsense() {
                nonsense.countDown();
            }
        }, Clock.SYSTEM, events::add);
        backEnd.open(control.epoch());
        front = new Front();
    }

    @AfterEach
    void close() {
        backEnd.close();
        devices.close();
        region.close();
    }

    @Test
    void aBlockThatIsWrittenFlushedAndReadIsTheSame() {
        front.fillStaging(0, 1, 5);
        assertThat(front.call(DiskOp.WRITE, 7, 1, 0)).isEqualTo(new Done(DiskStatus.OK, 4096));
        assertThat(front.call(DiskOp.FLUSH, 0, 0, 0)).isEqualTo(new Done(DiskStatus.OK, 0));
        assertThat(front.call(DiskOp.READ, 7, 1, 3)).isEqualTo(new Done(DiskStatus.OK, 4096));
        assertThat(front.staging(3)).isEqualTo((byte) 5);
    }

    @Test
    void aReadIntoTheCacheGoesToItsFrame() {
        front.fillStaging(0, 1, 6);
        front.call(DiskOp.WRITE, 9, 1, 0);
        var fill = region.cache(1).begin(1, 77, 0).orElseThrow();
        var entry = front.entry(DiskOp.READ, 9, 1, 0);
        entry.file = TransferFile.CACHE.ordinal();
        entry.memoryOffset = fill.fileOffset();
        assertThat(front.call(entry).status()).isEqualTo(DiskStatus.OK);
        assertThat(fill.bytes().get(ValueLayout.JAVA_BYTE, 4095)).isEqualTo((byte) 6);
    }

    @Test
    void whatIsWrongInARequestIsAnsweredAndNothingIsTouched() {
        var beyond = front.entry(DiskOp.READ, LAST_DBN, 2, 0);
        var negative = front.entry(DiskOp.WRITE, -1, 1, 0);
        var tooMany = front.entry(DiskOp.READ, 0, 257, 0);
        var none = front.entry(DiskOp.READ, 0, 0, 0);
        var overflow = front.entry(DiskOp.READ, Long.MAX_VALUE, 1, 0);
        var outside = front.entry(DiskOp.READ, 0, 1, 0);
        outside.memoryOffset = 0;
        var intoLog = front.entry(DiskOp.READ, 0, 1, 0);
        intoLog.file = TransferFile.GUEST.ordinal();
        var intoCacheHeader = front.entry(DiskOp.READ, 0, 1, 0);
        intoCacheHeader.file = TransferFile.CACHE.ordinal();
        intoCacheHeader.memoryOffset = 0;
        var noOp = front.entry(DiskOp.READ, 0, 1, 0);
        noOp.op = 4;
        var noSection = front.entry(DiskOp.READ, 0, 1, 0);
        noSection.section = 8;
        for (Submission bad : List.of(
                beyond, negative, tooMany, none, overflow, outside, intoLog, intoCacheHeader, noOp, noSection)) {
            assertThat(front.call(bad)).isEqualTo(new Done(DiskStatus.BAD_REQUEST, 0));
        }
        for (int slot : new int[] {1, 2, 4, -1, Integer.MAX_VALUE}) {
            var wrongSlot = front.entry(DiskOp.READ, 0, 1, 0);
            wrongSlot.slot = slot;
            assertThat(front.call(wrongSlot)).isEqualTo(new Done(DiskStatus.NO_DEVICE, 0));
        }
        var stale = front.entry(DiskOp.WRITE, 0, 1, 0);
        stale.epoch = control.epoch() + 1;
        assertThat(front.call(stale)).isEqualTo(new Done(DiskStatus.STALE_EPOCH, 0));
    }

    @Test
    void requestsAreCountedByPurposeAndKind() {
        var probe = front.entry(DiskOp.READ, 0, 1, 0);
        probe.section = IoSection.RAID.ordinal();
        front.call(probe);
        front.call(DiskOp.READ, 1, 1, 0);
        front.call(DiskOp.FLUSH, 0, 0, 0);
        assertThat(backEnd.counts().of(IoSection.RAID)).isEqualTo(1);
        assertThat(backEnd.counts().of(IoSection.NORMAL)).isEqualTo(2);
        assertThat(backEnd.counts().of(DiskOp.READ)).isEqualTo(2);
        backEnd.fence();
        backEnd.open(control.epoch());
        assertThat(backEnd.counts().of(IoSection.NORMAL)).isZero();
    }

    @Test
    void aFailingFlushIsAnsweredAsAnError() {
        disk.failFlushes();
        assertThat(front.call(DiskOp.FLUSH, 0, 0, 0).status()).isEqualTo(DiskStatus.IO_ERROR);
        assertThat(events).anySatisfy(event -> assertThat(event.name()).isEqualTo("disk.error"));
    }

    @Test
    void aLabelIsToldWhenItIsDurable() {
        front.call(DiskOp.WRITE, 1, 1, 0);
        front.call(DiskOp.FLUSH, 0, 0, 0);
        front.call(DiskOp.WRITE, 0, 1, 0);
        assertThat(labelWrites).isEmpty();
        front.call(DiskOp.FLUSH, 0, 0, 0);
        front.call(DiskOp.FLUSH, 0, 0, 0);
        assertThat(labelWrites).containsExactly(0);
    }

    @Test
    void manyMoreRequestsThanTheRingHoldsAreAllAnswered() {
        for (int round = 0; round < 200; round++) {
            for (int i = 0; i < TestRegions.SMALL.ringEntries(); i++) {
                front.submit(front.entry(DiskOp.READ, i, 1, i));
            }
            front.awaitAll();
        }
        assertThat(backEnd.counts().of(DiskOp.READ)).isEqualTo(200L * TestRegions.SMALL.ringEntries());
    }

    @Test
    void writesInFlightFormTheGateAndTheSuccessorsWritesAreHeldWhileItsReadsGo() {
        CountDownLatch gate = disk.holdWrites();
        front.fillStaging(0, 1, 1);
        front.submit(front.entry(DiskOp.WRITE, 5, 1, 0));
        disk.awaitHeld(1);

        DiskBackEnd.Fenced fenced = backEnd.fence();
        assertThat(fenced.writesInFlight()).isEqualTo(1);
        assertThat(control.writeGate()).isEqualTo(1);
        assertThat(control.epoch()).isEqualTo(fenced.epoch());
        backEnd.open(fenced.epoch());
        Front next = new Front();
        disk.holdWrites().countDown();

        next.fillStaging(1, 1, 2);
        long heldTag = next.submit(next.entry(DiskOp.WRITE, 5, 1, 1));
        assertThat(next.call(DiskOp.READ, 6, 1, 2).status()).isEqualTo(DiskStatus.OK);
        assertThat(next.done).doesNotContainKey(heldTag);

        gate.countDown();
        next.awaitAll();
        assertThat(next.done.get(heldTag)).isEqualTo(new Done(DiskStatus.OK, 4096));
        assertThat(control.writeGate()).isZero();
        assertThat(next.call(DiskOp.READ, 5, 1, 3).status()).isEqualTo(DiskStatus.OK);
        assertThat(next.staging(3)).as("the successor's write is the last one").isEqualTo((byte) 2);
    }

    @Test
    void aSecondFenceCountsWhatIsStillInFlightOfTheFirst() {
        CountDownLatch gate = disk.holdWrites();
        front.submit(front.entry(DiskOp.WRITE, 5, 1, 0));
        disk.awaitHeld(1);
        backEnd.open(backEnd.fence().epoch());
        Front second = new Front();
        second.submit(second.entry(DiskOp.WRITE, 6, 1, 0));
        await().until(() -> backEnd.outstanding() == 2);
        DiskBackEnd.Fenced fenced = backEnd.fence();
        assertThat(fenced.writesInFlight()).as("the held write had not begun").isEqualTo(1);
        assertThat(backEnd.outstanding()).isEqualTo(1);
        gate.countDown();
        await().until(() -> control.writeGate() == 0);
    }

    @Test
    void aReadInFlightIntoTheCacheMakesItsFramesBusyUntilItEnds() {
        CountDownLatch gate = disk.holdReads();
        CachePlan plan = region.geometry().cachePlan();
        var entry = front.entry(DiskOp.READ, 0, 3, 0);
        entry.file = TransferFile.CACHE.ordinal();
        entry.memoryOffset = plan.framesOffset() + 10L * Units.BLOCK_SIZE;
        front.submit(entry);
        disk.awaitHeld(1);
        assertThat(backEnd.fence().readsInFlight()).isEqualTo(1);
        assertThat(control.busyFrames()).isEqualTo(3);
        assertThat(List.of(9L, 10L, 11L, 12L, 13L)).filteredOn(control::isBusy).containsExactly(10L, 11L, 12L);
        gate.countDown();
        await().until(() -> control.busyFrames() == 0);
    }

    @Test
    void aReadInFlightIntoStagingNeverTouchesItAfterTheFence() {
        front.fillStaging(0, 1, 9);
        front.call(DiskOp.WRITE, 3, 1, 0);
        CountDownLatch gate = disk.holdReads();
        front.submit(front.entry(DiskOp.READ, 3, 1, 4));
        disk.awaitHeld(1);
        backEnd.open(backEnd.fence().epoch());
        Front next = new Front();
        next.fillStaging(4, 1, 1);
        gate.countDown();
        await().until(() -> backEnd.outstanding() == 0);
        assertThat(next.staging(4)).isEqualTo((byte) 1);
        next.take();
        assertThat(next.done).as("no completion of a dead guest's request").isEmpty();
    }

    @Test
    void readsThatDoNotFitIntoTheListOfBusyFramesAreWaitedFor() throws InterruptedException {
        CountDownLatch gate = disk.holdReads();
        CachePlan plan = region.geometry().cachePlan();
        for (int i = 0; i < 2; i++) {
            var entry = front.entry(DiskOp.READ, 0, 200, 0);
            entry.file = TransferFile.CACHE.ordinal();
            entry.memoryOffset = plan.framesOffset() + 200L * i * Units.BLOCK_SIZE;
            front.submit(entry);
        }
        disk.awaitHeld(2);
        backEnd.fence();
        assertThat(control.busyFrames()).isEqualTo(256);
        assertThat(backEnd.awaitUnlistedReads(10)).isFalse();
        gate.countDown();
        assertThat(backEnd.awaitUnlistedReads(10_000)).isTrue();
        await().until(() -> control.busyFrames() == 0);
    }

    @Test
    void afterTheFenceNothingIsTakenUntilTheNextEpochIsOpened() {
        backEnd.fence();
        Front next = new Front();
        next.submit(next.entry(DiskOp.READ, 0, 1, 0));
        assertThat(backEnd.counts().of(DiskOp.READ)).isZero();
        backEnd.open(control.epoch());
        next.awaitAll();
        assertThat(backEnd.counts().of(DiskOp.READ)).isEqualTo(1);
    }

    @Test
    void aChangeOfADiskMarksTheDevicesSection() throws IOException {
        long before = control.hostCounters().read(0).counter();
        try (Disk more = FileDisk.create(folder.resolve("more"), DISK_BYTES)) {
            devices.attach(2, new DiskId(5, 6), more);
        }
        assertThat(control.hostCounters().read(0).counter()).isGreaterThan(before);
        assertThat(control.device(2).sizeBlocks()).isEqualTo(1024);
    }

    /// How a request ended.
    private record Done(DiskStatus status, int bytes) {}

    /// A guest's side of the rings.
    private final class Front {
        private final RingFront ring = region.ringFront();
        private final long epoch = control.epoch();
        private final Map<Long, Done> done = new ConcurrentHashMap<>();
        private long tag = epoch * 1_000_000;
        private int open;

        Submission entry(DiskOp op, long dbn, int blocks, int stagingSlot) {
            var entry = new Submission();
            entry.op = op.code();
            entry.dbn = dbn;
            entry.blocks = blocks;
            entry.file = TransferFile.RINGS.ordinal();
            entry.memoryOffset = ring.stagingOffset(stagingSlot);
            entry.epoch = epoch;
            entry.section = IoSection.NORMAL.ordinal();
            return entry;
        }

        long submit(Submission entry) {
            entry.tag = tag++;
            assertThat(ring.submit(entry)).isTrue();
            ring.ring();
            open++;
            return entry.tag;
        }

        void take() {
            open -= ring.takeCompletions((doneTag, _, status, _, bytes) -> done.put(doneTag, new Done(status, bytes)));
        }

        void awaitAll() {
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                take();
                return open == 0;
            });
        }

        Done call(Submission entry) {
            long own = submit(entry);
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                take();
                return done.containsKey(own);
            });
            return done.get(own);
        }

        Done call(DiskOp op, long dbn, int blocks, int stagingSlot) {
            return call(entry(op, dbn, blocks, stagingSlot));
        }

        void fillStaging(int slot, int slots, int value) {
            ring.staging(slot, slots).fill((byte) value);
        }

        byte staging(int slot) {
            return ring.staging(slot, 1).get(ValueLayout.JAVA_BYTE, 4095);
        }
    }
}
