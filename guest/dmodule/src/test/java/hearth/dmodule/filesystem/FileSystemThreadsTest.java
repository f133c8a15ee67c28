package hearth.dmodule.filesystem;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import hearth.base.Check;
import hearth.dmodule.filesystem.core.DamagedBlock;
import hearth.dmodule.filesystem.core.DataAt;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;

import static hearth.base.Units.BLOCK_SIZE;
import static org.assertj.core.api.Assertions.assertThat;

/// Goal: readers, a writer and consistency points do not disturb each other. Method: real threads; readers take what
/// they find and judge it by its checksum, as READ does; at the end the oracle and the checker.
class FileSystemThreadsTest {
    private static final int READERS = 3;
    private static final int WRITES = 3000;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {31, 32})
    void readersSeeWholeBlocksWhileConsistencyPointsMoveThem(long seed) throws Exception {
        var model = new FsModel(8000, seed, 1);
        long[] inodes = new long[6];
        for (int i = 0; i < inodes.length; i++) {
            inodes[i] = model.newFile();
        }
        var done = new AtomicBoolean();
        var failed = new AtomicReference<Throwable>();
        var copied = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        threads.add(start(failed, () -> model.fs().run()));
        for (int i = 0; i < READERS; i++) {
            var random = new Random(seed * 100 + i);
            threads.add(start(failed, () -> {
                while (!done.get()) {
                    read(model, inodes[random.nextInt(inodes.length)], random.nextInt(700), copied);
                }
            }));
        }
        try {
            mutate(model, inodes);
            model.fs().awaitConsistencyPoint("test");
        } catch (Check.Failed e) {
            // The thread of consistency points, if it failed, says why.
            threads.getFirst().join(10_000);
            assertThat(failed.get()).isNull();
            throw e;
        } finally {
            done.set(true);
        }
        model.fs().stop();
        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(failed.get()).isNull();
        assertThat(copied).hasValueGreaterThan(1000);
        model.check();
        model.compare();
    }

    private static void mutate(FsModel model, long[] inodes) throws Exception {
        for (int i = 0; i < WRITES; i++) {
            long ino = inodes[model.random.nextInt(inodes.length)];
            if (model.random.nextInt(50) == 0) {
                model.truncate(1, ino, model.random.nextInt(700));
            } else {
                model.write(1, ino, model.random.nextInt(690), 1 + model.random.nextInt(8));
            }
            if (i % 40 == 39) {
                model.fs().requestConsistencyPoint("test");
            }
            if (i % 400 == 399) {
                model.fs().awaitConsistencyPoint("test");
                model.disks.evict();
            }
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    private static Thread start(AtomicReference<Throwable> failed, Body body) {
        return Thread.ofPlatform().start(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                failed.compareAndSet(null, e);
            }
        });
    }

    /// One READ of a block: resolve under the shared lock, copy without it, again if it moved meanwhile.
    private static void read(FsModel model, long ino, long fbn, AtomicLong copied) throws IOException {
        FileSystem fs = model.fs();
        var bytes = new byte[BLOCK_SIZE];
        DataAt before = DataAt.Hole.HOLE;
        while (true) {
            DataAt at;
            BlockPointer missing = BlockPointer.HOLE;
            fs.lock().shared();
            try {
                Inode inode = fs.state().inode(fs.state().volume(1).orElseThrow(), ino).orElseThrow();
                at = fs.state().data(inode, fbn);
            } catch (MissingBlock e) {
                at = DataAt.Hole.HOLE;
                missing = e.pointer();
            } finally {
                fs.lock().leaveShared();
            }
            if (!missing.isHole()) {
                fetch(fs, missing);
                continue;
            }
            switch (at) {
                case DataAt.Hole _ -> {
                    return;
                }
                case DataAt.InLog(long ref, int crc) -> {
                    Optional<byte[]> payload = model.log.payloadIfThere(ref);
                    if (payload.isPresent()) {
                        assertThat(Bytes.crc(payload.get())).isEqualTo(crc);
                        copied.incrementAndGet();
                        return;
                    }
                }
                case DataAt.OnDisk(BlockPointer pointer) -> {
                    if (fs.read(pointer, 0, BLOCK_SIZE, MemorySegment.ofArray(bytes), 0)) {
                        assertThat(Bytes.crc(bytes)).isEqualTo(pointer.crc());
                        copied.incrementAndGet();
                        return;
                    }
                    assertThat(at).as("the tree has a damaged block").isNotEqualTo(before);
                }
            }
            before = at;
        }
    }

    private static void fetch(FileSystem fs, BlockPointer pointer) throws IOException {
        try {
            fs.fetch(pointer);
        } catch (DamagedBlock e) {
            // Freed and used again since: the next look asks for another one.
        }
    }
}
