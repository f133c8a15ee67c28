package hearth.dmodule.disk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.IoSection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

/// Requests reach real files and come back, however many there are and whatever fails.
class DiskFrontEndTest {
    @TempDir
    private Path folder;

    private TestMachine machine;
    private DiskFrontEnd front;

    @BeforeEach
    void start() throws Exception {
        machine = new TestMachine(folder, 2, 8);
        front = machine.front();
    }

    @AfterEach
    void stop() throws Exception {
        machine.close();
    }

    private void write(Disk disk, long dbn, byte[] bytes) throws DiskException {
        try (Staging staging = front.staging(bytes.length / 4096)) {
            staging.memory().bytes().copyFrom(MemorySegment.ofArray(bytes));
            front.write(disk, dbn, staging.memory());
        }
    }

    private byte[] read(Disk disk, long dbn, int blocks) throws DiskException {
        try (Staging staging = front.staging(blocks)) {
            front.read(disk, dbn, staging.memory());
            return staging.memory().bytes().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    @Test
    void writtenBlocksAreReadBackFromTheRightDisk() throws Exception {
        byte[] bytes = TestMachine.randomBlock(1);
        write(machine.disks.get(1), 100, bytes);
        front.flush(machine.disks.get(1));
        assertThat(machine.block(1, 100)).isEqualTo(bytes);
        assertThat(machine.block(0, 100)).isEqualTo(new byte[4096]);
        assertThat(read(machine.disks.get(1), 100, 1)).isEqualTo(bytes);
        assertThat(java.util.Arrays.copyOfRange(read(machine.disks.get(1), 99, 3), 4096, 8192)).isEqualTo(bytes);
        assertThat(machine.asked).startsWith("WRITE 1 100 1", "FLUSH 1 0 0");
        assertThat(front.stagingInUse()).isZero();
    }

    @Test
    void thousandsOfVirtualThreadsShareASmallRing() throws Exception {
        machine.recording = false;
        int count = 3000;
        AtomicInteger wrong = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int dbn = 300 + i;
                all.add(threads.submit(() -> {
                    byte[] bytes = TestMachine.randomBlock(dbn);
                    Disk disk = machine.disks.get(dbn & 1);
                    write(disk, dbn, bytes);
                    if (!java.util.Arrays.equals(read(disk, dbn, 1), bytes)) {
                        wrong.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(wrong).hasValue(0);
        assertThat(front.stagingInUse()).isZero();
        assertThat(front.statistics().reads()).isEqualTo(count);
    }

    @Test
    void aDiskThatHangsHoldsBackSubmittersWithoutLosingOne() throws Exception {
        Disk slow = machine.disks.getFirst();
        machine.hanging = request -> request.slot == 0;
        List<Transfer> transfers = new ArrayList<>();
        try (Staging staging = front.staging(1)) {
            AtomicInteger submitted = new AtomicInteger();
            Thread submitter = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 200; i++) {
                    transfers.add(front.submit(DiskRequest.read(slow, i, staging.memory())));
                    submitted.incrementAndGet();
                }
            });
            // 8 in the ring and 32 in the queue; then the submitter parks.
            await().until(() -> submitted.get() == 40);
            await().until(() -> submitter.getState() == Thread.State.WAITING);
            assertThat(transfers.getFirst().isDone()).isFalse();
            machine.hanging = request -> false;
            submitter.join();
            for (Transfer transfer : transfers) {
                transfer.await();
            }
        }
        assertThat(transfers).hasSize(200);
    }

    @Test
    void failuresNameDiskBlockAndReason() {
        machine.faults = request -> switch ((int) request.dbn) {
            case 5 -> Optional.of(DiskStatus.IO_ERROR);
            case 6 -> Optional.of(DiskStatus.NO_DEVICE);
            case 7 -> Optional.of(DiskStatus.OK); // OK with 0 bytes: short
            default -> Optional.empty();
        };
        Disk disk = machine.disks.get(1);
        assertThatThrownBy(() -> read(disk, 5, 1)).asInstanceOf(type(DiskException.class))
                .satisfies(failure -> {
                    assertThat(failure.slot()).isEqualTo(1);
                    assertThat(failure.dbn()).isEqualTo(5);
                    assertThat(failure.status()).isEqualTo(DiskStatus.IO_ERROR);
                    assertThat(failure.errno()).isEqualTo(5);
                });
        assertThatThrownBy(() -> read(disk, 6, 1)).hasMessageContaining("NO_DEVICE");
        assertThatThrownBy(() -> read(disk, 7, 1)).hasMessageContaining("SHORT");
        assertThat(front.stagingInUse()).isZero();
        assertThat(front.statistics().errors()).isEqualTo(2);
    }

    @Test
    void probesAreCountedBySectionUntilTheGuestListens() throws Exception {
        Disk disk = machine.disks.getFirst();
        front.setSection(IoSection.RAID);
        read(disk, 0, 1);
        read(disk, 1, 1);
        front.setSection(IoSection.REPLAY);
        read(disk, 2, 1);
        front.setSection(IoSection.NORMAL);
        read(disk, 3, 1);
        assertThat(front.statistics().requests(IoSection.RAID)).isEqualTo(2);
        assertThat(front.statistics().requests(IoSection.REPLAY)).isEqualTo(1);
        assertThat(machine.region.heartbeat().probes(IoSection.RAID.ordinal())).isEqualTo(2);
        assertThat(machine.region.heartbeat().probes(IoSection.REPLAY.ordinal())).isEqualTo(1);
        assertThat(machine.region.heartbeat().probes(IoSection.DEVICES.ordinal())).isZero();
    }

    @Test
    void whoTakesWithoutWaitingLeavesSomeForThoseThatWait() {
        List<Staging> taken = new ArrayList<>();
        for (var some = front.tryStaging(1); some.isPresent(); some = front.tryStaging(1)) {
            taken.add(some.get());
        }
        try (Staging one = front.staging(1)) {
            assertThat(one.memory().blocks()).isEqualTo(1);
        }
        taken.forEach(Staging::close);
        assertThat(front.stagingInUse()).isZero();
    }

    @Test
    void stagingIsLentInLineAndOnlyOnce() throws Exception {
        int slots = 1024;
        Staging half = front.staging(slots / 2);
        Staging otherHalf = front.staging(slots / 2);
        assertThat(front.tryStaging(1)).isEmpty();
        List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
        Thread large = Thread.ofVirtual().start(() -> {
            try (Staging mine = front.staging(slots)) {
                order.add("large");
                assertThat(mine.memory().blocks()).isEqualTo(slots);
            }
        });
        await().until(() -> large.getState() == Thread.State.WAITING);
        half.close();
        // Half is free, but the large wish was first.
        assertThat(front.tryStaging(1)).isEmpty();
        Thread small = Thread.ofVirtual().start(() -> {
            try (Staging mine = front.staging(1)) {
                order.add("small");
                assertThat(mine.memory().blocks()).isEqualTo(1);
            }
        });
        await().until(() -> small.getState() == Thread.State.WAITING);
        otherHalf.close();
        large.join();
        small.join();
        assertThat(order).containsExactly("large", "small");
        assertThat(front.stagingInUse()).isZero();
    }

    @Test
    void cacheFramesAreReadIntoDirectly() throws Exception {
        byte[] bytes = TestMachine.randomBlock(5);
        machine.setBlock(0, 9, bytes);
        var fill = machine.region.cache(1).begin(1, 1, TestMachine.crc(bytes)).orElseThrow();
        front.read(machine.disks.getFirst(), 9, new DiskMemory(
                hearth.memory.ring.TransferFile.CACHE, fill.fileOffset(), fill.bytes()));
        assertThat(fill.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
        assertThat(fill.commit()).isTrue();
    }

    @Test
    void aFencedGuestEnds() {
        machine.faults = request -> Optional.of(DiskStatus.STALE_EPOCH);
        try (Staging staging = front.staging(1)) {
            Transfer transfer = front.submit(DiskRequest.read(machine.disks.getFirst(), 1, staging.memory()));
            await().until(() -> machine.failure().isPresent());
            assertThat(transfer.isDone()).isFalse();
            assertThat(machine.failure().orElseThrow()).hasMessageContaining("fenced");
        }
        machine.forgetFailure();
    }
}
