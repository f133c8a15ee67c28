package hearth.dmodule.filesystem;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

import hearth.base.Clock;
import hearth.cf.Export;
import hearth.cf.FileType;
import hearth.dmodule.filesystem.check.Checker;
import hearth.dmodule.filesystem.core.DataAt;
import hearth.dmodule.filesystem.core.FsState;
import hearth.dmodule.filesystem.core.HeapPressure;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.InodeCodec;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.core.SpaceAccounting;
import hearth.dmodule.filesystem.core.VolumeState;
import hearth.dmodule.filesystem.format.BlockMapLayout;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeConfig;
import hearth.dmodule.filesystem.format.VolumeLayout;
import hearth.dmodule.filesystem.format.VolumeRecord;
import hearth.dmodule.filesystem.tree.FileTree;
import hearth.dmodule.filesystem.tree.TreeReader;

import static hearth.base.Units.BLOCK_SIZE;
import static org.assertj.core.api.Assertions.assertThat;

/// A file system over `RamDisks` and `HeapLog` beside an oracle: random operations go to both, and everything that the
/// oracle knows can be compared at any time.
final class FsModel {
    static final long AGGREGATE = 0x1234_5678_9abcL;

    /// What a file must be. Contents are numbers from which 4096 bytes are made.
    private static final class Expected {
        final int generation;
        final boolean meta;
        final TreeMap<Long, Long> blocks = new TreeMap<>();
        long sizeBytes;

        Expected(int generation, boolean meta) {
            this.generation = generation;
            this.meta = meta;
        }
    }

    private record FileKey(int volume, long ino) {}

    @FunctionalInterface
    private interface Step<T> {
        T run() throws MissingBlock;
    }

    final RamDisks disks;
    final HeapLog log = new HeapLog();
    final Random random;
    private final FileSystemParts parts;
    private final Map<FileKey, Expected> expected = new HashMap<>();
    private final Map<FileKey, Integer> lastGeneration = new HashMap<>();
    private final int volumes;
    private final long[] reserved = new long[2];
    private long nextContent = 1;
    private FileSystem fs;
    long misses;
    long refused;

    FsModel(long blocks, long seed, int volumes) throws IOException {
        disks = new RamDisks(blocks, seed);
        random = new Random(seed);
        this.volumes = volumes;
        SpaceAccounting.Words words = (current, frozen) -> {
            reserved[0] = current;
            reserved[1] = frozen;
        };
        var limits = new FileSystemParts.Limits(
                1000, 64, new HeapPressure.Limits(512, 1024, 512, 1024));
        parts = new FileSystemParts(disks, disks, log, words, Clock.SYSTEM, _ -> {}, limits);
        List<NewVolume> created = new ArrayList<>();
        for (int i = 0; i < volumes; i++) {
            var config = new VolumeConfig("vol" + i, "/vol" + i, i == 1, List.of("10.0.0.0/8", "::1/128"),
                    Export.Squash.ROOT, 65534, 65533);
            created.add(new NewVolume(config, 0755, 1, 2));
        }
        fs = FileSystem.format(parts, AGGREGATE, created);
        for (int i = 1; i <= volumes; i++) {
            expected.put(new FileKey(i, 64), new Expected(1, true));
            lastGeneration.put(new FileKey(i, 64), 1);
        }
    }

    FileSystem fs() {
        return fs;
    }

    FileSystemParts parts() {
        return parts;
    }

    int files() {
        return expected.size();
    }

    /// Plans under the exclusive lock, fetching what is missing and starting over.
    private <T> T locked(Step<T> step) {
        for (int tries = 0; ; tries++) {
            assertThat(tries).as("the same block is missing again and again").isLessThan(1000);
            BlockPointer missing;
            fs.lock().exclusive();
            try {
                return step.run();
            } catch (MissingBlock e) {
                missing = e.pointer();
            } finally {
                fs.lock().leaveExclusive();
            }
            misses++;
            try {
                fs.fetch(missing);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    void randomOperation() {
        VolumeRef volume = new VolumeRef(1 + random.nextInt(volumes));
        int kind = random.nextInt(100);
        if (kind < 20 || expected.size() < 5) {
            create(volume);
            return;
        }
        FileKey key = anyFile();
        if (key.ino == 64 && kind >= 70) {
            return;
        }
        if (kind < 70) {
            long base = random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(24);
            write(key, base, 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 4));
        } else if (kind < 82) {
            truncate(key, random.nextInt(3) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 20 : 200_000));
        } else if (kind < 92) {
            remove(key);
        } else {
            touch(key);
        }
    }

    private FileKey anyFile() {
        List<FileKey> keys = new ArrayList<>(expected.keySet());
        keys.sort(Comparator.comparingInt(FileKey::volume).thenComparingLong(FileKey::ino));
        return keys.get(random.nextInt(keys.size()));
    }

    private record VolumeRef(int id) {}

    private VolumeState volume(int id) {
        return fs.state().volume(id).orElseThrow();
    }

    /// A regular file in the first volume.
    long newFile() {
        return create(new VolumeRef(1), false);
    }

    private void create(VolumeRef ref) {
        create(ref, random.nextInt(3) == 0);
    }

    private long create(VolumeRef ref, boolean meta) {
        return locked(() -> {
            VolumeState volume = volume(ref.id);
            long ino = fs.state().pickFreeInode(volume);
            int generation = fs.state().nextGeneration(volume, ino);
            if (!fits(fs.state().space().inodeCost(volume, ino), SpaceAccounting.Use.GROW)) {
                return -1L;
            }
            var key = new FileKey(ref.id, ino);
            assertThat(expected).doesNotContainKey(key);
            assertThat(generation).isGreaterThan(lastGeneration.getOrDefault(key, 0));
            lastGeneration.put(key, generation);
            expected.put(key, new Expected(generation, meta));
            logged(state -> {
                Inode made = state.create(state.volume(ref.id).orElseThrow(), ino, generation);
                made.type = meta ? FileType.DIRECTORY : FileType.REGULAR;
                made.mode = (int) (ino % 512);
                made.linkCount = 1;
            });
            return ino;
        });
    }

    private boolean fits(long cost, SpaceAccounting.Use use) {
        if (fs.state().space().fits(cost, use)) {
            return true;
        }
        refused++;
        return false;
    }

    private void logged(HeapLog.Logged effect) {
        log.append(effect);
        effect.apply(fs.state().applying());
    }

    private Inode inode(FsState state, FileKey key) {
        try {
            return state.inode(state.volume(key.volume).orElseThrow(), key.ino).orElseThrow();
        } catch (MissingBlock e) {
            throw new AssertionError(e);
        }
    }

    void write(int volume, long ino, long fbn, int count) {
        write(new FileKey(volume, ino), fbn, count);
    }

    private void write(FileKey key, long fbn, int count) {
        Expected file = expected.get(key);
        locked(() -> {
            VolumeState volume = volume(key.volume);
            Inode inode = fs.state().inode(volume, key.ino).orElseThrow();
            for (long at = fbn; at < fbn + count; at++) {
                if (file.meta) {
                    fs.state().readMeta(inode, at);
                } else {
                    fs.state().data(inode, at);
                }
            }
            SpaceAccounting space = fs.state().space();
            long cost = space.inodeCost(volume, key.ino)
                    + (file.meta ? space.metaCost(inode, fbn + count, count) : space.writeCost(inode, fbn, count));
            if (!fits(cost, SpaceAccounting.Use.GROW)) {
                return null;
            }
            long before = space.reservedBlocks();
            long first = nextContent;
            nextContent += count;
            long[] refs = new long[count];
            for (int i = 0; i < count; i++) {
                file.blocks.put(fbn + i, first + i);
                refs[i] = file.meta ? 0 : log.putPayload(i, content(first + i));
            }
            file.sizeBytes = Math.max(file.sizeBytes, (fbn + count) * BLOCK_SIZE);
            long size = file.sizeBytes;
            logged(state -> writeEffect(state, key, fbn, first, refs, file.meta, size));
            assertThat(space.reservedBlocks() - before).as("charge of a write").isLessThanOrEqualTo(cost);
            return null;
        });
    }

    private void writeEffect(
            FsState state, FileKey key, long fbn, long first, long[] refs, boolean meta, long size) {
        Inode inode = inode(state, key);
        for (int i = 0; i < refs.length; i++) {
            if (meta) {
                try {
                    System.arraycopy(content(first + i), 0, state.changeMeta(inode, fbn + i), 0, BLOCK_SIZE);
                } catch (MissingBlock e) {
                    throw new AssertionError(e);
                }
            } else {
                state.putData(inode, fbn + i, refs[i], Bytes.crc(content(first + i)));
            }
        }
        inode.sizeBytes = size;
        state.dirty(inode);
    }

    void truncate(int volume, long ino, long blocks) {
        truncate(new FileKey(volume, ino), blocks);
    }

    private void truncate(FileKey key, long blocks) {
        Expected file = expected.get(key);
        locked(() -> {
            VolumeState volume = volume(key.volume);
            Inode inode = fs.state().inode(volume, key.ino).orElseThrow();
            SpaceAccounting space = fs.state().space();
            if (!fits(space.inodeCost(volume, key.ino) + space.truncateCost(inode), SpaceAccounting.Use.SHRINK)) {
                return null;
            }
            file.blocks.tailMap(blocks, true).clear();
            file.sizeBytes = blocks * BLOCK_SIZE;
            logged(state -> {
                Inode cut = inode(state, key);
                state.truncate(cut, blocks);
                cut.sizeBytes = blocks * BLOCK_SIZE;
            });
            return null;
        });
    }

    private void remove(FileKey key) {
        locked(() -> {
            VolumeState volume = volume(key.volume);
            Inode inode = fs.state().inode(volume, key.ino).orElseThrow();
            SpaceAccounting space = fs.state().space();
            if (!fits(space.inodeCost(volume, key.ino) + space.truncateCost(inode), SpaceAccounting.Use.SHRINK)) {
                return null;
            }
            expected.remove(key);
            logged(state -> state.free(state.volume(key.volume).orElseThrow(), inode(state, key)));
            return null;
        });
    }

    long modifyTimeOf(int volume, long ino) {
        return locked(() -> fs.state().inode(volume(volume), ino).orElseThrow().modifyTimeNs);
    }

    void touch(int volume, long ino, long time) {
        touch(new FileKey(volume, ino), time);
    }

    private void touch(FileKey key) {
        touch(key, random.nextLong());
    }

    private void touch(FileKey key, long time) {
        locked(() -> {
            Inode inode = fs.state().inode(volume(key.volume), key.ino).orElseThrow();
            if (fits(fs.state().space().inodeCost(volume(key.volume), key.ino), SpaceAccounting.Use.GROW)) {
                assertThat(inode.generation).isEqualTo(expected.get(key).generation);
                logged(state -> {
                    Inode changed = inode(state, key);
                    changed.modifyTimeNs = time;
                    state.dirty(changed);
                });
            }
            return null;
        });
    }

    static byte[] content(long number) {
        var bytes = new byte[BLOCK_SIZE];
        for (int i = 0; i < BLOCK_SIZE; i += Long.BYTES) {
            Bytes.putLong(bytes, i, number * 0x9E37_79B9_7F4A_7C15L + i);
        }
        return bytes;
    }

    /// Everything that the oracle knows is there, and nothing else.
    void compare() {
        for (Map.Entry<FileKey, Expected> entry : expected.entrySet()) {
            FileKey key = entry.getKey();
            Expected file = entry.getValue();
            locked(() -> {
                Inode inode = fs.state().inode(volume(key.volume), key.ino)
                        .orElseThrow(() -> new AssertionError("lost " + key));
                assertThat(inode.generation).isEqualTo(file.generation);
                assertThat(inode.sizeBytes).as("size of %s", key).isEqualTo(file.sizeBytes);
                return null;
            });
            file.blocks.forEach((fbn, number) ->
                    assertThat(read(key, fbn, file.meta)).as("%s block %s", key, fbn).isEqualTo(content(number)));
            long last = file.blocks.isEmpty() ? 0 : file.blocks.lastKey() + 1;
            for (long hole : new long[] {last, last + 1, last / 2, last / 3, last + 3000}) {
                if (!file.blocks.containsKey(hole)) {
                    assertThat(read(key, hole, file.meta)).as("%s hole %s", key, hole)
                            .isEqualTo(new byte[BLOCK_SIZE]);
                }
            }
        }
        for (int volume = 1; volume <= volumes; volume++) {
            for (long ino = 60; ino < 64 + expected.size() + 40; ino++) {
                if (!expected.containsKey(new FileKey(volume, ino))) {
                    int id = volume;
                    long number = ino;
                    assertThat(locked(() -> fs.state().inode(volume(id), number))).isEmpty();
                }
            }
        }
    }

    /// Where a block on disk is.
    BlockPointer placeOf(int volume, long ino, long fbn) {
        return ((DataAt.OnDisk) locked(() ->
                fs.state().data(fs.state().inode(volume(volume), ino).orElseThrow(), fbn))).pointer();
    }

    private byte[] read(FileKey key, long fbn, boolean meta) {
        if (meta) {
            return locked(() -> fs.state()
                    .readMeta(fs.state().inode(volume(key.volume), key.ino).orElseThrow(), fbn).clone());
        }
        DataAt at = locked(() -> fs.state()
                .data(fs.state().inode(volume(key.volume), key.ino).orElseThrow(), fbn));
        return switch (at) {
            case DataAt.Hole _ -> new byte[BLOCK_SIZE];
            case DataAt.InLog(long ref, int crc) -> {
                byte[] bytes = log.payload(ref);
                assertThat(Bytes.crc(bytes)).isEqualTo(crc);
                yield bytes;
            }
            case DataAt.OnDisk(BlockPointer pointer) -> {
                var bytes = new byte[BLOCK_SIZE];
                try {
                    assertThat(fs.read(pointer, 0, BLOCK_SIZE, MemorySegment.ofArray(bytes), 0)).isTrue();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                yield bytes;
            }
        };
    }

    /// A consistency point, then the checker on its root. What it wrote was promised, or is the aggregate's own.
    void step() throws IOException {
        long promised = fs.state().space().reservedBlocks();
        long own = BlockMapLayout.blocksFor(disks.blocks()) + 3 + volumes;
        boolean quiet = disks.isQuiet();
        fs.step();
        if (quiet) {
            assertThat(fs.lastConsistencyPoint().writtenBlocks()).as("written blocks")
                    .isLessThanOrEqualTo(promised + own);
        }
        check();
    }

    /// A consistency point during which the guest may die, as `RamDisks.dieAfter` said; whether it did.
    boolean stepUntilDeath() throws IOException {
        try {
            fs.step();
            return false;
        } catch (RamDisks.Died e) {
            return true;
        }
    }

    /// Damages an indirect block of a file of the volume.
    void damageIndirect(int volumeId) throws IOException {
        FsInfo info = decode(disks.committed().orElseThrow());
        for (int slot = 0; slot < FsInfoLayout.VOLUMES_INLINE; slot++) {
            Optional<VolumeRecord> record = VolumeRecord.decode(info.volumes(), slot * VolumeLayout.SIZE);
            if (record.isPresent() && record.get().id() == volumeId) {
                var files = InodeCodec.tree(record.get().inodeFile(), 0);
                for (long block = 0; block < 16; block++) {
                    var pointer = TreeReader.find(files, block, at -> disks.block(at.vbn()));
                    for (int i = 0; !pointer.isHole() && i < InodeLayout.PER_BLOCK; i++) {
                        FileTree tree = InodeCodec.tree(disks.block(pointer.vbn()), i * InodeLayout.SIZE);
                        if (tree.height() > 0) {
                            disks.damage(tree.root(0).vbn());
                            return;
                        }
                    }
                }
            }
        }
        throw new AssertionError("no indirect block");
    }

    void check() throws IOException {
        FsInfo info = decode(disks.committed().orElseThrow());
        check(info);
        assertThat(fs.state().space().reservedBlocks()).isEqualTo(reserved[0] + reserved[1]);
    }

    void check(FsInfo info) throws IOException {
        var findings = new Checker(info, pointer -> disks.block(pointer.vbn()), Checker.FileCheck.NONE).run();
        assertThat(findings.problems()).isEmpty();
    }

    static FsInfo decode(byte[] block) {
        return ((FsInfo.Decoded.Valid) FsInfo.decode(block)).info();
    }

    /// The guest died: everything in its heap is gone; the region, the log and the disks stay.
    void restart(boolean cacheLost) throws IOException {
        disks.restart(cacheLost);
        mounted(FileSystem.mountFromRegion(parts));
    }

    /// The host died too: only the disks and (through the journal) the log stay.
    void hostRestart(long generationMin) throws IOException {
        disks.restart(true);
        disks.loseRegion();
        mounted(FileSystem.mountFromDisks(parts, generationMin));
    }

    private void mounted(MountResult result) {
        assertThat(result).isInstanceOf(MountResult.Mounted.class);
        fs = ((MountResult.Mounted) result).fileSystem();
        fs.lock().exclusive();
        try {
            log.replay(fs.lastLsn(), fs.state().applying());
        } finally {
            fs.lock().leaveExclusive();
        }
    }
}
