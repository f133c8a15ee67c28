package hearth.dmodule.raid;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.dmodule.disk.Disk;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.dmodule.disk.DiskMemory;
import hearth.dmodule.disk.Staging;
import hearth.dmodule.disk.TestMachine;
import hearth.memory.label.DiskGeometry;
import hearth.memory.label.LabelCodec;
import hearth.memory.label.LabelRead;
import hearth.memory.label.MemberState;
import hearth.memory.region.Area;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.Submission;
import hearth.memory.ring.TransferFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

/// A mirror over two real files: every acknowledged block is on every member in sync, and what one has wrong the
/// other gives.
class MirrorTest {
    private static final int START = (int) DiskGeometry.DATA_START_DBN;

    @TempDir
    private Path folder;

    private TestMachine machine;
    private DiskFrontEnd front;
    private final Mirrors mirrors = new Mirrors();
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        machine = new TestMachine(folder, 2);
        Mirrors.label(machine);
        front = machine.front();
        mirror = mirrors.open(front, machine.disks);
        machine.asked.clear();
    }

    @AfterEach
    void stop() throws Exception {
        machine.close();
    }

    private void put(long vbn, int blocks) throws RaidException {
        try (WriteBatch batch = mirror.batch()) {
            for (int i = 0; i < blocks; i++) {
                batch.put(vbn + i, TestMachine.randomBlock(vbn + i));
            }
            batch.complete();
        }
    }

    private static int crc(long vbn) {
        return TestMachine.crc(TestMachine.randomBlock(vbn));
    }

    private void failing(Predicate<Submission> which) {
        machine.faults = request -> which.test(request) ? Optional.of(DiskStatus.IO_ERROR) : Optional.empty();
    }

    private LabelRead labelOn(int disk) throws Exception {
        return LabelCodec.choose(
                machine.block(disk, 0), machine.block(disk, DiskGeometry.backLabelDbn(TestMachine.BLOCKS)));
    }

    private List<MemberState> statesOn(int disk) throws Exception {
        return ((LabelRead.Valid) labelOn(disk)).label().states();
    }

    @Test
    void blocksStandOnBothMembers() throws Exception {
        put(10, 300);
        mirror.flush();
        for (int vbn = 10; vbn < 310; vbn++) {
            byte[] expected = TestMachine.randomBlock(vbn);
            assertThat(machine.block(0, START + vbn)).isEqualTo(expected);
            assertThat(machine.block(1, START + vbn)).isEqualTo(expected);
            assertThat(mirror.read(vbn, crc(vbn))).isEqualTo(expected);
        }
        assertThat(machine.asked.stream().filter(line -> line.startsWith("WRITE"))).containsExactlyInAnyOrder(
                "WRITE 0 266 256", "WRITE 1 266 256", "WRITE 0 522 44", "WRITE 1 522 44");
        assertThat(machine.asked).contains("FLUSH 0 0 0", "FLUSH 1 0 0");
        // Label slots of two members and the repair's.
        assertThat(front.stagingInUse()).isEqualTo(3);
    }

    @Test
    void scatteredBlocksAndManyBatchesShareLittleMemory() throws Exception {
        machine.recording = false;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int first = 100 + t;
                all.add(threads.submit(() -> {
                    try (WriteBatch batch = mirror.batch()) {
                        for (int i = 0; i < 100; i++) {
                            batch.put(first + 16L * i, TestMachine.randomBlock(first + 16L * i));
                        }
                        batch.complete();
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        for (int vbn = 100; vbn < 1700; vbn++) {
            assertThat(machine.block(vbn & 1, START + vbn)).isEqualTo(TestMachine.randomBlock(vbn));
        }
    }

    @Test
    void logPayloadTravelsWithoutACopy() throws Exception {
        MemorySegment log = machine.region.area(Area.LOG).memory();
        MemorySegment payload = log.asSlice(4096 + 640, 2 * 4096);
        payload.copyFrom(MemorySegment.ofArray(TestMachine.randomBlock(1)));
        long offset = machine.region.geometry().offset(Area.LOG) + 4096 + 640;
        try (WriteBatch batch = mirror.batch()) {
            batch.put(50, new DiskMemory(TransferFile.GUEST, offset, payload));
            batch.complete();
        }
        assertThat(machine.block(0, START + 50)).isEqualTo(TestMachine.randomBlock(1));
        assertThat(machine.block(1, START + 51)).isEqualTo(new byte[4096]);
    }

    @Test
    void aDamagedCopyIsReadFromTheOtherMemberAndPutRight() throws Exception {
        put(10, 20);
        for (int vbn = 12; vbn < 16; vbn++) {
            machine.damage(vbn & 1, START + vbn);
        }
        int[] crcs = new int[20];
        for (int i = 0; i < 20; i++) {
            crcs[i] = crc(10 + i);
        }
        for (int round = 0; round < 2; round++) {
            try (Staging staging = mirror.staging(20)) {
                mirror.read(10, staging.memory(), crcs);
                for (int i = 0; i < 20; i++) {
                    assertThat(staging.memory().slice(i, 1).bytes().toArray(ValueLayout.JAVA_BYTE))
                            .isEqualTo(TestMachine.randomBlock(10 + i));
                }
            }
        }
        assertThat(mirror.statistics().repaired()).isEqualTo(2);
        int member = machine.asked.stream().anyMatch(line -> line.equals("READ 0 266 20")) ? 0 : 1;
        for (int vbn = 12; vbn < 16; vbn++) {
            if ((vbn & 1) == member) {
                assertThat(machine.block(member, START + vbn)).isEqualTo(TestMachine.randomBlock(vbn));
            }
        }
        assertThat(mirror.state().isDegraded()).isFalse();
    }

    @Test
    void aBlockThatBothHaveWrongIsNeverGivenOutNorCopied() throws Exception {
        put(10, 1);
        machine.damage(0, START + 10);
        machine.setBlock(1, START + 10, TestMachine.randomBlock(777));
        byte[] first = machine.block(0, START + 10);
        assertThatThrownBy(() -> mirror.read(10, crc(10))).asInstanceOf(type(RaidException.class))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(RaidException.Kind.DAMAGED);
                    assertThat(failure.vbn()).isEqualTo(10);
                });
        assertThat(machine.block(0, START + 10)).isEqualTo(first);
        assertThat(machine.block(1, START + 10)).isEqualTo(TestMachine.randomBlock(777));
        assertThat(mirror.statistics().repaired()).isZero();
    }

    @Test
    void aReadErrorIsReadElsewhereAndRewritten() throws Exception {
        put(10, 1);
        for (int disk = 0; disk < 2; disk++) {
            int broken = disk;
            failing(request -> request.op == DiskOp.READ.code() && request.slot == broken);
            assertThat(mirror.read(10, crc(10))).isEqualTo(TestMachine.randomBlock(10));
        }
        assertThat(mirror.statistics().repaired()).isEqualTo(1);
        failing(request -> request.op == DiskOp.READ.code());
        assertThatThrownBy(() -> mirror.read(10, crc(10))).hasMessageContaining("UNREADABLE");
        assertThat(mirror.state().isDegraded()).isFalse();
    }

    @Test
    void aMemberWhoseWriteFailsIsLeftBehindBeforeTheWriteCounts() throws Exception {
        failing(request -> request.slot == 1);
        put(10, 5);
        assertThat(mirror.state().inSync()).hasSize(1);
        assertThat(statesOn(0)).containsExactly(MemberState.IN_SYNC, MemberState.MISSING);
        assertThat(statesOn(1)).containsExactly(MemberState.IN_SYNC, MemberState.IN_SYNC);
        assertThat(mirrors.membership).containsExactly("changing", "changed");
        assertThat(mirrors.saved.getLast()).isEqualTo(mirror.state());
        assertThat(mirrors.events).extracting(hearth.base.Event::name).contains("raid.member-left-behind");
        machine.asked.clear();
        machine.faults = request -> Optional.empty();
        put(20, 1);
        mirror.flush();
        mirror.writeRoot(DiskGeometry.FSINFO_0_DBN, TestMachine.randomBlock(5));
        assertThat(mirror.read(10, crc(10))).isEqualTo(TestMachine.randomBlock(10));
        assertThat(machine.asked).noneMatch(line -> line.matches("\\w+ 1 .*"));
    }

    @Test
    void labelsAreWrittenFrontThenFlushedThenBackThenFlushed() throws Exception {
        failing(request -> request.slot == 0 && request.op == DiskOp.FLUSH.code());
        mirror.flush();
        List<String> toSurvivor = machine.asked.stream().filter(line -> line.matches("\\w+ 1 .*")).toList();
        assertThat(toSurvivor).containsExactly(
                "FLUSH 1 0 0", "WRITE 1 0 1", "FLUSH 1 0 0", "WRITE 1 4095 1", "FLUSH 1 0 0");
        // A flush that failed is never tried again.
        assertThat(machine.asked.stream().filter(line -> line.equals("FLUSH 0 0 0"))).hasSize(1);
        assertThat(statesOn(1)).containsExactly(MemberState.MISSING, MemberState.IN_SYNC);
    }

    @Test
    void theLastMembersFailureLosesTheAggregateAndStaysSo() throws Exception {
        failing(request -> request.op == DiskOp.WRITE.code());
        assertThatThrownBy(() -> put(10, 1)).asInstanceOf(type(RaidException.class))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(RaidException.Kind.LOST));
        machine.faults = request -> Optional.empty();
        assertThatThrownBy(() -> put(10, 1)).hasMessageContaining("LOST");
        assertThatThrownBy(() -> mirror.flush()).hasMessageContaining("LOST");
        assertThatThrownBy(() -> mirror.read(10, 1)).hasMessageContaining("LOST");
        assertThatThrownBy(() -> mirror.writeRoot(136, new byte[4096])).hasMessageContaining("LOST");
    }

    @Test
    void aMemberThatFailsAtTheLabelOfAnotherIsLeftBehindToo() throws Exception {
        machine.close();
        machine = new TestMachine(folder, 3);
        Mirrors.label(machine);
        front = machine.front();
        mirror = mirrors.open(front, machine.disks);
        failing(request -> request.slot == 2 || request.slot == 1 && request.dbn == 0);
        put(10, 1);
        assertThat(mirror.state().inSync()).extracting(RaidMember::slot).containsExactly(0);
        assertThat(statesOn(0))
                .containsExactly(MemberState.IN_SYNC, MemberState.MISSING, MemberState.MISSING);
        machine.faults = request -> Optional.empty();
        Assembly found = Mirrors.assemble(front, machine.disks);
        assertThat(found).isInstanceOfSatisfying(Assembly.Assembled.class, assembled -> {
            assertThat(assembled.state().inSync()).extracting(RaidMember::slot).containsExactly(0);
            assertThat(assembled.moveOn()).isFalse();
            assertThat(assembled.warnings()).hasSize(2);
        });
    }

    @Test
    void rootsGoToEveryMemberAndComeBackFromEach() throws Exception {
        mirror.writeRoot(DiskGeometry.FSINFO_1_DBN, TestMachine.randomBlock(8));
        assertThat(machine.asked).containsExactlyInAnyOrder(
                "WRITE 0 137 1", "WRITE 1 137 1", "FLUSH 0 0 0", "FLUSH 1 0 0");
        machine.damage(1, DiskGeometry.FSINFO_1_DBN);
        assertThat(mirror.readRoots(DiskGeometry.FSINFO_1_DBN)).hasSize(2).contains(TestMachine.randomBlock(8));
        failing(request -> request.slot == 1 && request.op == DiskOp.WRITE.code());
        mirror.writeRoot(DiskGeometry.FSINFO_0_DBN, TestMachine.randomBlock(9));
        assertThat(statesOn(0)).containsExactly(MemberState.IN_SYNC, MemberState.MISSING);
        assertThat(machine.block(0, DiskGeometry.FSINFO_0_DBN)).isEqualTo(TestMachine.randomBlock(9));
    }

    @Test
    void formattedIsDurableOnAllMembers() throws Exception {
        assertThat(mirror.isFormatted()).isFalse();
        mirror.markFormatted();
        for (int disk = 0; disk < 2; disk++) {
            assertThat(((LabelRead.Valid) labelOn(disk)).label().formatted()).isTrue();
        }
        assertThat(mirrors.open(front, machine.disks).isFormatted()).isTrue();
    }

    @Test
    void aRestoredStateOpensWithoutTouchingADisk() throws Exception {
        put(10, 1);
        RaidState state = RaidStateCodec.decode(RaidStateCodec.encode(mirror.state())).orElseThrow();
        machine.asked.clear();
        Mirror restored = Mirror.open(front, state, false, mirrors.setting(2));
        assertThat(machine.asked).isEmpty();
        assertThat(restored.read(10, crc(10))).isEqualTo(TestMachine.randomBlock(10));
        assertThat(restored.blocks()).isEqualTo(DiskGeometry.dataBlocks(TestMachine.BLOCKS));
    }

    @Test
    void repairsWaitForTheEndOfABatchAndNeverOverwriteNewerBlocks() throws Exception {
        put(10, 1);
        machine.damage(0, START + 10);
        machine.damage(1, START + 10);
        machine.setBlock(1, START + 10, TestMachine.randomBlock(10));
        try (WriteBatch batch = mirror.batch()) {
            batch.put(500, TestMachine.randomBlock(500));
            batch.put(10, TestMachine.randomBlock(4242));
            // Sends what was put; the batch is writing now.
            batch.put(700, TestMachine.randomBlock(700));
            for (int i = 0; i < 4; i++) {
                tryRead(10, crc(10));
            }
            assertThat(mirror.statistics().repaired()).isZero();
            batch.complete();
        }
        assertThat(machine.block(0, START + 10)).isEqualTo(TestMachine.randomBlock(4242));
        assertThat(machine.block(1, START + 10)).isEqualTo(TestMachine.randomBlock(4242));
    }

    @Test
    void aRepairChecksTheGoodCopyAgainBeforeItCopiesIt() throws Exception {
        put(10, 1);
        machine.damage(0, START + 10);
        byte[] damaged = machine.block(0, START + 10);
        try (WriteBatch batch = mirror.batch()) {
            batch.put(500, TestMachine.randomBlock(500));
            batch.put(700, TestMachine.randomBlock(700));
            assertThat(mirror.read(10, crc(10))).isEqualTo(TestMachine.randomBlock(10));
            machine.setBlock(1, START + 10, TestMachine.randomBlock(666));
            batch.complete();
        }
        assertThat(machine.block(0, START + 10)).isEqualTo(damaged);
        machine.setBlock(1, START + 10, TestMachine.randomBlock(10));
        assertThat(mirror.read(10, crc(10))).isEqualTo(TestMachine.randomBlock(10));
        assertThat(machine.block(0, START + 10)).isEqualTo(TestMachine.randomBlock(10));
    }

    private void tryRead(long vbn, int crc) {
        try {
            mirror.read(vbn, crc);
        } catch (RaidException e) {
            assertThat(e.kind()).isEqualTo(RaidException.Kind.DAMAGED);
        }
    }

    @Test
    void readsAndWritesOutsideOfTheDataAreaAreBugs() {
        assertThatThrownBy(() -> put(mirror.blocks(), 1)).isInstanceOf(hearth.base.Check.Failed.class);
        assertThatThrownBy(() -> mirror.read(-1, 0)).isInstanceOf(hearth.base.Check.Failed.class);
        assertThatThrownBy(() -> mirror.writeRoot(0, new byte[4096])).isInstanceOf(hearth.base.Check.Failed.class);
        Disk disk = machine.disks.getFirst();
        assertThat(disk.sizeBlocks()).isEqualTo(TestMachine.BLOCKS);
    }
}
