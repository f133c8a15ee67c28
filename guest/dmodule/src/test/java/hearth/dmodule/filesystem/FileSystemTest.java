package hearth.dmodule.filesystem;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import hearth.base.Check;
import hearth.dmodule.filesystem.check.Checker;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.core.SpaceAccounting;
import hearth.dmodule.filesystem.core.VolumeState;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeRecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: mounts find the right root or refuse; space ends before an acknowledgement, and deleting always works; the
/// schedule lets nobody wait for ever; the checker sees damage. Method: `FsModel`'s file system, with real threads
/// where waiting is the subject.
class FileSystemTest {
    @Test
    void aMountFromTheRegionReadsNoDisk() throws IOException {
        var model = new FsModel(20_000, 1, 3);
        for (int i = 0; i < 50; i++) {
            model.randomOperation();
        }
        model.step();
        model.disks.reads = 0;
        assertThat(FileSystem.mountFromRegion(model.parts())).isInstanceOf(MountResult.Mounted.class);
        assertThat(model.disks.reads).isZero();
    }

    @Test
    void aNewAggregateHasItsVolumesAndTheirRootDirectories() throws Exception {
        var model = new FsModel(20_000, 1, 5);
        model.hostRestart(1);
        FileSystem fs = model.fs();
        assertThat(fs.state().volumes()).extracting(volume -> volume.config().name())
                .containsExactly("vol0", "vol1", "vol2", "vol3", "vol4");
        fs.lock().shared();
        try {
            for (VolumeState volume : fs.state().volumes()) {
                Inode root = inode(fs, volume, volume.rootInode());
                assertThat(root.isDirectory()).isTrue();
                assertThat(root.mode).isEqualTo(0755);
                assertThat(root.linkCount).isEqualTo(2);
                assertThat(root.parentOrDevice).isEqualTo(InodeLayout.ROOT_INODE);
            }
        } finally {
            fs.lock().leaveShared();
        }
        assertThat(fs.state().volume(2).orElseThrow().config().clients()).containsExactly("10.0.0.0/8", "::1/128");
        assertThat(fs.state().volume(6)).isEmpty();
    }

    private static Inode inode(FileSystem fs, VolumeState volume, long number) throws IOException {
        while (true) {
            try {
                return fs.state().inode(volume, number).orElseThrow();
            } catch (MissingBlock e) {
                fs.fetch(e.pointer());
            }
        }
    }

    @Test
    void aMountThatFindsLessThanWasDurableIsRefused() throws IOException {
        var model = new FsModel(20_000, 1, 1);
        model.step();
        long generation = model.fs().generation();
        model.disks.loseRegion();
        assertThat(FileSystem.mountFromDisks(model.parts(), generation + 1))
                .isInstanceOfSatisfying(MountResult.Refused.class, refused ->
                        assertThat(refused.why()).contains("" + (generation + 1)));
        assertThat(FileSystem.mountFromDisks(model.parts(), generation)).isInstanceOf(MountResult.Mounted.class);
        var empty = new RamDisks(20_000, 1);
        var parts = new FileSystemParts(empty, empty, model.log, (_, _) -> {}, model.parts().clock(), _ -> {},
                FileSystemParts.Limits.DEFAULT);
        assertThat(FileSystem.mountFromRegion(parts)).isInstanceOf(MountResult.Refused.class);
        assertThat(FileSystem.mountFromDisks(parts, 0)).isInstanceOf(MountResult.Refused.class);
        assertThat(empty.stores).as("a refused mount writes nothing").isZero();
    }

    @Test
    void aMountWritesItsRootInAllPlaces() throws IOException {
        var model = new FsModel(20_000, 1, 1);
        model.step();
        long generation = model.fs().generation();
        long dbn = FsInfoLayout.dbnOf(generation);
        model.disks.tearRoot(dbn, 0);
        model.hostRestart(generation);
        assertThat(model.disks.readRoots(dbn)).allSatisfy(block ->
                assertThat(FsInfo.decode(block)).isInstanceOf(FsInfo.Decoded.Valid.class));
    }

    @Test
    void aRootOnItsWayIsFinishedBeforeItsBlocksAreWrittenOver() throws IOException {
        for (long early = 0; early < 5; early++) {
            // Dies at each store of the moving root, the last five of a consistency point.
            var model = new FsModel(20_000, 1, 1);
            long ino = model.newFile();
            model.write(1, ino, 0, 100);
            model.step();
            long generation = model.fs().generation();
            long before = model.disks.stores;
            model.write(1, ino, 100, 100);
            long stores = storesOfSuchAStep();
            model.disks.dieAfter(stores - 1 - early);
            assertThatThrownBy(model.fs()::step).isInstanceOf(RamDisks.Died.class);
            assertThat(model.disks.stores - before).isEqualTo(stores - early);
            model.restart(false);
            // The successor writes from the same place on, and the host dies before it moves the root (or just
            // after, if there is less to write because the dead one's root counted).
            model.write(1, ino, 300, 90);
            model.disks.dieAfter(180);
            model.stepUntilDeath();
            model.hostRestart(generation);
            model.check();
            model.compare();
        }
    }

    @Test
    void aRootThatTheDisksMayHaveIsNotForgottenWhileItIsFinished() throws IOException {
        long stores = storesOfSuchAStep();
        for (long second = 0; second < 6; second++) {
            var model = new FsModel(20_000, 1, 1);
            long ino = model.newFile();
            model.write(1, ino, 0, 100);
            model.step();
            model.write(1, ino, 100, 100);
            // Dies at the store of the committed root: all members have the new one.
            model.disks.dieAfter(stores - 2);
            assertThatThrownBy(model.fs()::step).isInstanceOf(RamDisks.Died.class);
            model.restart(false);
            long generation = model.fs().generation();
            // The successor dies while it finishes that root; the next one must not go behind it.
            model.disks.dieAfter(second);
            assertThatThrownBy(model.fs()::step).isInstanceOf(RamDisks.Died.class);
            model.restart(false);
            assertThat(model.fs().generation()).isGreaterThanOrEqualTo(generation);
            model.write(1, ino, 300, 90);
            model.disks.dieAfter(180);
            model.stepUntilDeath();
            model.hostRestart(generation);
            model.check();
            model.compare();
        }
    }

    private static long storesOfSuchAStep() throws IOException {
        var model = new FsModel(20_000, 1, 1);
        long ino = model.newFile();
        model.write(1, ino, 0, 100);
        model.step();
        long before = model.disks.stores;
        model.write(1, ino, 100, 100);
        model.step();
        return model.disks.stores - before;
    }

    @Test
    void anInodeThatIsBeingWrittenStaysInTheHeapWhileOthersComeAndGo() throws IOException {
        var model = new FsModel(60_000, 3, 1);
        List<Long> inodes = new ArrayList<>();
        for (int i = 0; i < 9_500; i++) {
            inodes.add(model.newFile());
        }
        model.step();
        model.restart(false);
        model.touch(1, inodes.getFirst(), 4711);
        var looks = new AtomicLong();
        model.disks.onWrite(() -> {
            // More inodes than the heap keeps, twice: what is clean and not looked at goes.
            for (int round = 0; round < 2; round++) {
                inodes.subList(1, inodes.size()).forEach(ino -> model.modifyTimeOf(1, ino));
            }
            assertThat(model.modifyTimeOf(1, inodes.getFirst())).isEqualTo(4711);
            looks.incrementAndGet();
        });
        model.step();
        assertThat(looks).hasPositiveValue();
        assertThat(model.modifyTimeOf(1, inodes.getFirst())).isEqualTo(4711);
    }

    @Test
    void whatIsWrittenWhileTheTreeGrowsIsChargedForTheTreeAsItWillBe() throws IOException {
        var model = new FsModel(20_000, 1, 1);
        long[] files = new long[32];
        for (int i = 0; i < files.length; i++) {
            files[i] = model.newFile();
            model.write(1, files[i], 0, 1);
        }
        model.step();
        for (long ino : files) {
            // Three levels of indirect blocks above it.
            model.write(1, ino, 700_000, 1);
        }
        model.disks.onWrite(() -> {
            model.disks.quiet();
            for (long ino : files) {
                model.write(1, ino, 0, 1);
            }
        });
        model.fs().step();
        // Finds that no more was written than had been promised.
        model.step();
        model.compare();
    }

    @Test
    void spaceEndsBeforeTheAcknowledgementAndComesBack() throws IOException {
        var model = new FsModel(6000, 3, 1);
        SpaceAccounting space = model.fs().state().space();
        long free = space.availableBlocks();
        long written = 0;
        long ino = model.newFile();
        while (model.refused == 0) {
            model.write(1, ino, written, 50);
            written += 50;
            if (written % 500 == 0) {
                model.step();
                model.step();
                model.step();
            }
        }
        assertThat(written).isGreaterThan(free * 9 / 10);
        model.step();
        model.compare();
        assertThat(model.fs().makeRoom(10_000, SpaceAccounting.Use.GROW)).isFalse();
        // Deleting is possible in a full aggregate.
        model.refused = 0;
        model.truncate(1, ino, 0);
        assertThat(model.refused).isZero();
        model.step();
        model.step();
        model.step();
        assertThat(model.fs().state().space().availableBlocks()).isGreaterThan(free - 50);
        model.compare();
    }

    @Test
    void whoWaitsForRoomGetsItFromConsistencyPoints() throws Exception {
        var model = new FsModel(6000, 3, 1);
        long ino = model.newFile();
        model.write(1, ino, 0, 2000);
        model.step();
        model.truncate(1, ino, 0);
        model.step();
        long wanted = model.fs().state().space().availableBlocks() + 1000;
        assertThat(model.fs().state().space().fits(wanted, SpaceAccounting.Use.GROW)).isFalse();
        try (var _ = new Running(model.fs())) {
            assertThat(model.fs().makeRoom(wanted, SpaceAccounting.Use.GROW)).isTrue();
        }
    }

    @Test
    void whoWaitsForAConsistencyPointGetsOneThatFrozeAfterTheCall() throws Exception {
        var model = new FsModel(20_000, 3, 1);
        try (var _ = new Running(model.fs())) {
            for (int i = 0; i < 20; i++) {
                long lsn = model.log.append(_ -> {});
                model.fs().awaitConsistencyPoint("test");
                assertThat(model.fs().lastLsn()).isGreaterThanOrEqualTo(lsn);
            }
        }
    }

    @Test
    void aHeapFullOfDirtyStateLetsMutationsWaitForAFreeze() throws Exception {
        var model = new FsModel(60_000, 3, 1);
        for (int i = 0; i < 1100; i++) {
            model.newFile();
        }
        var admitted = new CountDownLatch(1);
        Thread waiting = Thread.ofVirtual().start(() -> {
            model.fs().admit();
            admitted.countDown();
        });
        assertThat(admitted.await(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(model.fs().tryAdmit()).isFalse();
        try (var _ = new Running(model.fs())) {
            assertThat(admitted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(model.fs().tryAdmit()).isTrue();
        }
        waiting.join();
    }

    @Test
    void afterAFailedConsistencyPointNobodyWaitsForEver() throws Exception {
        var model = new FsModel(20_000, 3, 1);
        model.newFile();
        model.disks.dieAfter(0);
        assertThatThrownBy(model.fs()::step).isInstanceOf(RamDisks.Died.class);
        assertThatThrownBy(() -> model.fs().awaitConsistencyPoint("test"))
                .isInstanceOf(Check.Failed.class);
    }

    @Test
    void theTimerMakesOneWhenSomethingChanged() throws Exception {
        var model = new FsModel(20_000, 3, 1);
        long generation = model.fs().generation();
        model.newFile();
        try (var _ = new Running(model.fs())) {
            Awaitility.await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> model.fs().generation() > generation);
        }
    }

    @Test
    void theCheckerSeesDamage() throws IOException {
        var model = new FsModel(20_000, 9, 1);
        for (int i = 0; i < 200; i++) {
            model.randomOperation();
        }
        model.step();
        FsInfo info = FsModel.decode(model.disks.committed().orElseThrow());
        VolumeRecord volume = VolumeRecord.decode(info.volumes(), 0).orElseThrow();
        assertThat(problems(model, info)).isEmpty();
        var wrongCount = new FsInfo(info.aggregateId(), info.generation(), 0, 0, 0, info.totalBlocks(),
                info.freeBlocks() - 1, info.freedEvenBlocks(), info.freedOddBlocks(), info.volumeSlots(),
                info.nextVolumeId(), info.lastChange(), info.blockMap(), info.volumeTable(), info.volumes());
        assertThat(problems(model, wrongCount)).singleElement().asString().contains("free blocks");
        byte[] volumes = info.volumes().clone();
        new VolumeRecord(1, volume.config(), volume.usedBlocks(), volume.inodeMap(), volume.inodeMap())
                .encode(volumes, 0);
        var lost = new FsInfo(info.aggregateId(), info.generation(), 0, 0, 0, info.totalBlocks(),
                info.freeBlocks(), info.freedEvenBlocks(), info.freedOddBlocks(), info.volumeSlots(),
                info.nextVolumeId(), info.lastChange(), info.blockMap(), info.volumeTable(), volumes);
        assertThat(problems(model, lost)).anyMatch(text -> text.contains("not reached"))
                .anyMatch(text -> text.contains("reached twice"));
        model.disks.damage(model.disks.someUsedBlock());
        assertThat(problems(model, info)).anyMatch(text -> text.contains("checksum"));
    }

    private static List<String> problems(FsModel model, FsInfo info) throws IOException {
        return new Checker(info, pointer -> model.disks.block(pointer.vbn()), Checker.FileCheck.NONE)
                .run().problems();
    }

    @Test
    void aDamagedBlockIsAnAnswerNotADeath() throws IOException {
        var model = new FsModel(20_000, 9, 1);
        long ino = model.newFile();
        model.write(1, ino, 0, 1);
        model.step();
        long vbn = model.placeOf(1, ino, 0).vbn();
        model.disks.damage(vbn);
        var room = MemorySegment.ofArray(new byte[4096]);
        assertThat(model.fs().copyCached(model.placeOf(1, ino, 0), 0, 4096, room, 0)).isFalse();
        assertThat(model.fs().read(model.placeOf(1, ino, 0), 0, 4096, room, 0)).isFalse();
        assertThat(Bytes.crc(new byte[4096])).isEqualTo(Bytes.crc((byte[]) room.heapBase().orElseThrow()));
    }

    /// Consistency points on a platform thread until it is closed.
    private static final class Running implements AutoCloseable {
        private final FileSystem fs;
        private final Thread thread;
        private final AtomicBoolean failed = new AtomicBoolean();

        Running(FileSystem fs) {
            this.fs = fs;
            thread = Thread.ofPlatform().name("consistency").start(() -> {
                try {
                    fs.run();
                } catch (IOException e) {
                    failed.set(true);
                }
            });
        }

        @Override
        public void close() throws InterruptedException {
            fs.stop();
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
            assertThat(failed).isFalse();
        }
    }
}
