package hearth.memory.region;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.base.posix.MemoryFiles;
import hearth.memory.cache.CacheMemory;
import hearth.memory.label.DiskId;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.TransferFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A region made by domain 0 and attached by a guest, which is a second set of mappings here.
class RegionTest {
    private Region host;

    @BeforeEach
    void make() throws Exception {
        host = Regions.make();
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void guestSeesWhatTheHostMade() throws Exception {
        try (Region guest = Region.attach(host.descriptors())) {
            assertThat(guest.instance()).isEqualTo(host.instance()).isNotZero();
            assertThat(guest.geometry()).isEqualTo(Regions.SMALL);
            assertThat(guest.domain()).isEqualTo("test");
            assertThat(guest.control().instance()).isEqualTo(host.instance());
            assertThat(guest.control().epoch()).isEqualTo(1);
            host.control().setIncarnation(7);
            assertThat(guest.control().incarnation()).isEqualTo(7);
            guest.heartbeat().begin(7, 1234);
            guest.heartbeat().setCounter(Counter.CACHE_HITS, 99);
            guest.heartbeat().addProbe(6);
            assertThat(host.heartbeat().state()).isEqualTo(GuestState.BOOTING);
            assertThat(host.heartbeat().counter(Counter.CACHE_HITS)).isEqualTo(99);
            assertThat(host.heartbeat().probes(6)).isEqualTo(1);
            assertThat(host.heartbeat().stage(BootStage.SPAWNED)).isEqualTo(1234);
            assertThat(guest.cache(1).usedFrames()).isZero();
        }
    }

    @Test
    void guestCannotWriteControl() throws Exception {
        try (Region guest = Region.attach(host.descriptors())) {
            ControlPage control = guest.control();
            assertThatThrownBy(() -> control.setEpoch(9)).isInstanceOfAny(
                    IllegalArgumentException.class, UnsupportedOperationException.class);
            int fd = host.descriptors()[FileKind.CONTROL.ordinal()];
            assertThatThrownBy(() -> MemoryFiles.map(fd, 4096, true)).hasMessageContaining("EPERM");
        }
    }

    @Test
    void filesOfTwoRegionsAreNotMixed() throws Exception {
        try (Region other = RegionMaker.make("test", Regions.SMALL, new Random(2))) {
            int[] mixed = host.descriptors();
            mixed[FileKind.CACHE.ordinal()] = other.descriptors()[FileKind.CACHE.ordinal()];
            assertThatThrownBy(() -> Region.attach(mixed)).isInstanceOf(RegionException.class);
            int[] swapped = host.descriptors();
            int control = swapped[0];
            swapped[0] = swapped[1];
            swapped[1] = control;
            assertThatThrownBy(() -> Region.attach(swapped)).isInstanceOf(RegionException.class);
        }
    }

    @Test
    void damagedHeaderIsRefused() {
        MemorySegment guestFile = host.file(FileKind.GUEST);
        for (int at = 0; at < FileHeaderLayout.CRC_OFFSET + 4; at++) {
            byte before = guestFile.get(ValueLayout.JAVA_BYTE, at);
            guestFile.set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ 0x10));
            assertThatThrownBy(() -> Region.attach(host.descriptors())).isInstanceOf(RegionException.class);
            guestFile.set(ValueLayout.JAVA_BYTE, at, before);
        }
        host.file(FileKind.CACHE).set(ValueLayout.JAVA_BYTE, FileHeaderLayout.SIZE, (byte) 1);
        assertThatThrownBy(() -> Region.attach(host.descriptors())).hasMessageContaining("CACHE");
    }

    @Test
    void areasFollowEachOtherInTheGuestFile() {
        RegionGeometry geometry = RegionGeometry.defaults();
        long next = FileHeaderLayout.SIZE;
        for (Area area : Area.values()) {
            assertThat(geometry.offset(area)).isEqualTo(next).isEqualTo(Units.roundUp(next, Units.BLOCK_SIZE));
            next += geometry.size(area);
        }
        assertThat(geometry.fileBytes(FileKind.GUEST)).isGreaterThanOrEqualTo(next);
        for (FileKind kind : FileKind.values()) {
            assertThat(geometry.fileBytes(kind) % Units.HUGE_PAGE_SIZE).isZero();
        }
        assertThat(geometry.cachePlan().framesOffset() % Units.HUGE_PAGE_SIZE).isZero();
        assertThat(geometry.memoryNeededBytes()).isBetween(256L * Units.MIB, 450L * Units.MIB);
        assertThat(Counter.values().length).isLessThanOrEqualTo(HeartbeatLayout.COUNTERS_MAX);
    }

    @Test
    void geometryNamesTheKeyThatIsWrong() {
        assertThatThrownBy(() -> RegionGeometry.of(5, 4L << 20)).hasMessageContaining("cache-bytes is 5, allowed");
        assertThatThrownBy(() -> RegionGeometry.of(2L << 20, 1)).hasMessageContaining("log-half-bytes");
    }

    @Test
    void deviceEntriesAndBusyFramesTravel() throws Exception {
        try (Region guest = Region.attach(host.descriptors())) {
            DiskId id = DiskId.random(new Random(5));
            host.control().putDevice(3, id, 5000, Device.State.PRESENT);
            assertThat(guest.control().devices()).containsExactly(new Device(3, id, 1, 5000, Device.State.PRESENT));
            host.control().putDevice(3, id, 5000, Device.State.ABSENT);
            assertThat(guest.control().device(3).generation()).isEqualTo(2);

            assertThat(guest.control().isBusy(0)).isFalse();
            assertThat(host.control().addBusyFrame(0)).isTrue();
            assertThat(host.control().addBusyFrame(0)).isTrue();
            host.control().clearBusyFrame(0);
            assertThat(guest.control().isBusy(0)).isTrue();
            assertThat(guest.control().isBusy(1)).isFalse();
            host.control().clearBusyFrame(0);
            assertThat(guest.control().isBusy(0)).isFalse();
            for (int i = 0; i < ControlLayout.BUSY_FRAMES_MAX; i++) {
                assertThat(host.control().addBusyFrame(i)).isTrue();
            }
            assertThat(host.control().addBusyFrame(999)).isFalse();
        }
    }

    @Test
    void sectionCountersMoveOnOneSideEach() throws Exception {
        try (Region guest = Region.attach(host.descriptors())) {
            var before = guest.control().hostCounters().read(2);
            assertThat(before.instance()).isEqualTo(host.instance());
            host.control().hostCounters().mark(2);
            assertThat(guest.control().hostCounters().read(2)).isNotEqualTo(before);
            assertThat(guest.control().hostCounters().read(1)).isEqualTo(before);
            assertThat(guest.guestCounters().read(2)).isEqualTo(before);
            guest.guestCounters().mark(2);
            assertThat(host.guestCounters().read(2).counter()).isEqualTo(before.counter() + 1);
        }
    }

    @Test
    void flushedBellWakesAGuestThatMapsControlReadOnly() throws Exception {
        try (Region guest = Region.attach(host.descriptors())) {
            var bell = guest.flushedBell();
            int seen = bell.sequence();
            Thread ringer = Thread.ofPlatform().start(() -> {
                host.control().setFlushedLsn(42);
                host.flushedBell().ring();
            });
            int now = seen;
            while (now == seen) {
                now = bell.await(seen, 1_000_000_000L);
            }
            assertThat(guest.control().flushedLsn()).isEqualTo(42);
            ringer.join();
        }
    }

    @Test
    void verifierChangesWithALossOnly() throws Exception {
        long first;
        try (Region guest = Region.attach(host.descriptors())) {
            first = guest.verifier().verifier();
        }
        try (Region guest = Region.attach(host.descriptors())) {
            assertThat(guest.verifier().verifier()).isEqualTo(first);
            guest.verifier().declareLoss();
            assertThat(guest.verifier().verifier()).isNotEqualTo(first);
            assertThat(guest.verifier().lossCount()).isEqualTo(1);
        }
    }

    @Test
    void disksReachOnlyTheMemoryMeantForThem() {
        TransferMemory memory = host.transferMemory();
        RegionGeometry geometry = Regions.SMALL;
        int rings = TransferFile.RINGS.ordinal();
        int cache = TransferFile.CACHE.ordinal();
        int guest = TransferFile.GUEST.ordinal();
        long staging = geometry.ringPlan().stagingOffset();
        long frames = geometry.cachePlan().framesOffset();
        long log = geometry.offset(Area.LOG);
        assertThat(memory.find(DiskOp.READ, rings, staging, 4096)).isPresent();
        assertThat(memory.find(DiskOp.READ, rings, staging - 4096, 4096)).isEmpty();
        assertThat(memory.find(DiskOp.READ, rings, geometry.ringPlan().endOffset() - 4096, 8192)).isEmpty();
        assertThat(memory.find(DiskOp.READ, cache, frames, 4096)).isPresent();
        assertThat(memory.find(DiskOp.READ, cache, frames - 4096, 4096)).isEmpty();
        assertThat(memory.find(DiskOp.READ, cache, Long.MAX_VALUE - 4095, 4096)).isEmpty();
        assertThat(memory.find(DiskOp.READ, guest, log, 4096)).isEmpty();
        assertThat(memory.find(DiskOp.WRITE, guest, log + 64, 4096)).isPresent();
        assertThat(memory.find(DiskOp.WRITE, guest, 0, 4096)).isEmpty();
        assertThat(memory.find(DiskOp.WRITE, 7, frames, 4096)).isEmpty();
        assertThat(memory.frame(cache, frames + 3 * 4096).getAsLong()).isEqualTo(3);
    }

    @Test
    void collapserEndsWhateverTheKernelAnswers() {
        HugePageCollapser collapser = new HugePageCollapser(host);
        int steps = 0;
        while (collapser.step()) {
            steps++;
            assertThat(steps).isLessThan(200);
        }
        assertThat(steps).isPositive();
        assertThat(collapser.percentage()).isBetween(0, 100);
    }

    @Test
    void cacheOfAnOlderIncarnationIsUsed() throws Exception {
        byte[] block = new byte[4096];
        new Random(3).nextBytes(block);
        int crc = crc(block);
        try (Region guest = Region.attach(host.descriptors())) {
            CacheMemory.Fill fill = guest.cache(1).begin(9, 500, crc).orElseThrow();
            fill.bytes().copyFrom(MemorySegment.ofArray(block));
            assertThat(fill.commit()).isTrue();
        }
        try (Region guest = Region.attach(host.descriptors())) {
            byte[] copy = new byte[4096];
            assertThat(guest.cache(2).find(9, 500, crc, MemorySegment.ofArray(copy), 0, 0, 4096))
                    .isEqualTo(CacheMemory.Lookup.VERIFIED);
            assertThat(copy).isEqualTo(block);
        }
    }

    private static int crc(byte[] bytes) {
        var crc = new java.util.zip.CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
