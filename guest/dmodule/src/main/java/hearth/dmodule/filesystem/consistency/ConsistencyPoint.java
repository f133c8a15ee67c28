package hearth.dmodule.filesystem.consistency;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.CRC32C;

import hearth.base.Check;
import hearth.dmodule.filesystem.blockmap.BlockMap;
import hearth.dmodule.filesystem.core.BlockStore;
import hearth.dmodule.filesystem.core.DirtyFile;
import hearth.dmodule.filesystem.core.FrozenInode;
import hearth.dmodule.filesystem.core.FrozenSet;
import hearth.dmodule.filesystem.core.FrozenVolume;
import hearth.dmodule.filesystem.core.MetaBlocks;
import hearth.dmodule.filesystem.format.BlockMapLayout;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.FsInfoLayout;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.TreeLayout;
import hearth.dmodule.filesystem.format.VolumeLayout;
import hearth.dmodule.filesystem.tree.FileTree;
import hearth.dmodule.filesystem.tree.TreeReader;
import hearth.dmodule.filesystem.tree.TreeWriter;

import static hearth.base.Units.BLOCK_SIZE;

/// Writes one frozen set to free places: files, inode files, inode maps, volume table, and last the block map, which
/// has to know where it goes itself. Moves no root. One thread, no lock; after it the store has all writes, unflushed.
final class ConsistencyPoint {
    private final Aggregate aggregate;
    private final BlockMap map;
    private final MetaBlocks blocks;
    private final CommitLog log;
    private final BlockStore store;
    private final long generation;
    private final CRC32C crc = new CRC32C();
    private long written;
    private final byte[] inlineVolumes = new byte[FsInfoLayout.VOLUMES_SIZE];

    ConsistencyPoint(Aggregate aggregate, BlockStore store, CommitLog log, long generation) {
        this.aggregate = aggregate;
        map = aggregate.map();
        blocks = aggregate.blocks();
        this.log = log;
        this.store = store;
        this.generation = generation;
    }

    /// Volume records for fsinfo, after `write`.
    byte[] inlineVolumes() {
        return inlineVolumes;
    }

    long writtenBlocks() {
        return written;
    }

    void write(FrozenSet set) throws IOException {
        map.begin(generation);
        aggregate.volumeSlots(set.volumeSlots());
        for (FrozenVolume volume : set.volumes()) {
            writeVolume(volume);
        }
        writeVolumeTable(set);
        writeMap();
    }

    private void writeVolume(FrozenVolume volume) throws IOException {
        if (volume.isDeleting()) {
            new VolumeDeletion(volume, blocks, generation)
                    .step(new MetaFileBlocks(new TreeMap<>()), MetaFileBlocks::new);
            return;
        }
        for (FrozenInode inode : volume.inodes()) {
            DirtyFile changes = inode.changes();
            inode.finish(write(inode.tree(), changes.sortedBlocks(), changes.cutTo(), new FileBlocks(changes)));
        }
        FileTree inodeFile = writeInodeFile(volume);
        DirtyFile mapChanges = volume.inodeMapChanges();
        FileTree inodeMap = write(
                volume.inodeMap(), mapChanges.sortedBlocks(), mapChanges.cutTo(), new FileBlocks(mapChanges));
        volume.finish(inodeFile, inodeMap);
    }

    private FileTree write(FileTree tree, long[] changed, long cutTo, TreeWriter.Blocks to) throws IOException {
        if (changed.length == 0 && cutTo == DirtyFile.UNCUT) {
            return tree;
        }
        return TreeWriter.write(tree, to, generation, changed, cutTo);
    }

    /// Puts the images of dirty inodes into copies of their blocks.
    private FileTree writeInodeFile(FrozenVolume volume) throws IOException {
        TreeMap<Long, byte[]> changed = new TreeMap<>();
        for (FrozenInode inode : volume.inodes()) {
            long fbn = inode.number() / InodeLayout.PER_BLOCK;
            byte[] block = changed.get(fbn);
            if (block == null) {
                block = copyOf(volume.inodeFile(), fbn);
                changed.put(fbn, block);
            }
            int slot = (int) (inode.number() % InodeLayout.PER_BLOCK);
            System.arraycopy(inode.image(), 0, block, slot * InodeLayout.SIZE, InodeLayout.SIZE);
        }
        return write(volume.inodeFile(), keys(changed), DirtyFile.UNCUT, new MetaFileBlocks(changed));
    }

    private byte[] copyOf(FileTree tree, long fbn) throws IOException {
        BlockPointer pointer = TreeReader.find(tree, fbn, blocks::load);
        return pointer.isHole() ? new byte[BLOCK_SIZE] : blocks.load(pointer).clone();
    }

    private static long[] keys(TreeMap<Long, byte[]> changed) {
        return changed.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    /// Every record is written anew: its trees may have moved. Slots beyond fsinfo's cost a block of the table.
    private void writeVolumeTable(FrozenSet set) throws IOException {
        TreeMap<Long, byte[]> changed = new TreeMap<>();
        // Also those that no volume stands in any more.
        for (long block = 0; block < aggregate.tableBlocks(); block++) {
            changed.put(block, new byte[BLOCK_SIZE]);
        }
        for (FrozenVolume volume : set.volumes()) {
            if (volume.isGone()) {
                continue;
            }
            int slot = volume.slot();
            if (slot < FsInfoLayout.VOLUMES_INLINE) {
                volume.record().encode(inlineVolumes, slot * VolumeLayout.SIZE);
                continue;
            }
            int place = slot - FsInfoLayout.VOLUMES_INLINE;
            byte[] block = Objects.requireNonNull(changed.get((long) (place / VolumeLayout.PER_BLOCK)));
            volume.record().encode(block, place % VolumeLayout.PER_BLOCK * VolumeLayout.SIZE);
        }
        aggregate.volumeTable(write(
                aggregate.volumeTable(), keys(changed), DirtyFile.UNCUT, new MetaFileBlocks(changed)));
    }

    /// The map's own blocks move too, which changes the map: first every changed map block and the indirect blocks
    /// above it get new places, until that dirties no further one; then all are written.
    private void writeMap() throws IOException {
        FileTree tree = aggregate.mapTree();
        int height = TreeLayout.heightFor(BlockMapLayout.blocksFor(map.totalBlocks()));
        Check.that(tree.usedBlocks() == 0 || tree.height() == height, "height of the block map", tree.height());
        List<TreeMap<Long, Long>> places = new ArrayList<>();
        for (int level = 0; level <= height; level++) {
            places.add(new TreeMap<>());
        }
        int placed;
        do {
            placed = map.dirtyCount();
            for (long block : map.dirtyBlocks()) {
                placeWithAncestors(tree, block, places);
            }
        } while (map.dirtyCount() > placed);
        long[] changed = map.dirtyBlocks();
        aggregate.mapTree(write(tree, changed, DirtyFile.UNCUT, new MapBlocks(places)));
        Check.that(places.stream().allMatch(TreeMap::isEmpty), "a place in the block map was not used");
        Check.that(map.dirtyCount() == changed.length, "the block map changed while it was written");
    }

    private void placeWithAncestors(FileTree tree, long block, List<TreeMap<Long, Long>> places) throws IOException {
        for (int level = 0; level < places.size(); level++) {
            long index = block >>> (TreeLayout.FANOUT_BITS * level);
            if (!places.get(level).containsKey(index)) {
                BlockPointer old = TreeReader.find(tree, level, index, blocks::load);
                if (!old.isHole()) {
                    map.free(old.vbn());
                }
                places.get(level).put(index, map.allocate());
            }
        }
    }

    private void writeBlock(long vbn, byte[] bytes, int checksum) throws IOException {
        Check.that(bytes.length == BLOCK_SIZE, "length of a block", bytes.length);
        MemorySegment.copy(bytes, 0, store.room(vbn), ValueLayout.JAVA_BYTE, 0, BLOCK_SIZE);
        store.write(vbn, checksum);
        written++;
    }

    /// Places from the allocator; old blocks back to it.
    private abstract class NewBlocks implements TreeWriter.Blocks {
        @Override
        public byte[] block(BlockPointer pointer) throws IOException {
            return blocks.load(pointer);
        }

        @Override
        public long place(int level, long index) throws IOException {
            return map.allocate();
        }

        @Override
        public void release(BlockPointer old) throws IOException {
            map.free(old.vbn());
        }

        @Override
        public void writeIndirect(long vbn, byte[] bytes, int checksum) throws IOException {
            writeMeta(vbn, bytes, checksum);
        }

        final void writeMeta(long vbn, byte[] bytes, int checksum) throws IOException {
            writeBlock(vbn, bytes, checksum);
            blocks.remember(new BlockPointer(vbn, generation, checksum), bytes);
        }
    }

    /// Dirty blocks of a file: payloads in the log, or metadata in the heap.
    private final class FileBlocks extends NewBlocks {
        private final DirtyFile changes;

        FileBlocks(DirtyFile changes) {
            this.changes = changes;
        }

        @Override
        public int writeData(long fbn, long vbn) throws IOException {
            if (!changes.isData(fbn)) {
                byte[] bytes = changes.meta(fbn);
                int checksum = Bytes.crc(bytes);
                writeMeta(vbn, bytes, checksum);
                return checksum;
            }
            MemorySegment to = store.room(vbn);
            log.copyPayload(changes.payloadRef(fbn), to, 0);
            crc.reset();
            crc.update(to.asByteBuffer());
            int expected = changes.crc(fbn);
            // The record's own checksum: whatever happened to the log's memory does not reach the disk.
            Check.that((int) crc.getValue() == expected, "payload in the log is not what its record says", fbn);
            store.write(vbn, expected);
            written++;
            return expected;
        }
    }

    /// Whole blocks made by the consistency point itself.
    private final class MetaFileBlocks extends NewBlocks {
        private final TreeMap<Long, byte[]> changed;

        MetaFileBlocks(TreeMap<Long, byte[]> changed) {
            this.changed = changed;
        }

        @Override
        public int writeData(long fbn, long vbn) throws IOException {
            byte[] bytes = changed.get(fbn);
            if (bytes == null) {
                throw Check.failed("no bytes for block " + fbn);
            }
            int checksum = Bytes.crc(bytes);
            writeMeta(vbn, bytes, checksum);
            return checksum;
        }
    }

    /// Map blocks, to the places found before; their old places are free already.
    private final class MapBlocks extends NewBlocks {
        private final List<TreeMap<Long, Long>> places;

        MapBlocks(List<TreeMap<Long, Long>> places) {
            this.places = places;
        }

        @Override
        public long place(int level, long index) {
            Long vbn = places.get(level).remove(index);
            if (vbn == null) {
                throw Check.failed("no place for block " + index + " of level " + level + " of the block map");
            }
            return vbn;
        }

        @Override
        public void release(BlockPointer old) {
            // Done when its successor got a place.
        }

        @Override
        public int writeData(long fbn, long vbn) throws IOException {
            byte[] bytes = map.bytes(fbn);
            int checksum = Bytes.crc(bytes);
            writeBlock(vbn, bytes, checksum);
            return checksum;
        }
    }
}
