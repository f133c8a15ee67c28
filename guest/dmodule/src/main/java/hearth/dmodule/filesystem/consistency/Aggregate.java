package hearth.dmodule.filesystem.consistency;

import java.io.IOException;

import hearth.base.Check;
import hearth.dmodule.filesystem.blockmap.BlockMap;
import hearth.dmodule.filesystem.core.FrozenSet;
import hearth.dmodule.filesystem.core.InodeCodec;
import hearth.dmodule.filesystem.core.MetaBlocks;
import hearth.dmodule.filesystem.format.BlockMapLayout;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeLayout;
import hearth.dmodule.filesystem.tree.FileTree;
import hearth.dmodule.filesystem.tree.TreeReader;

import static hearth.base.Units.BLOCK_SIZE;

/// The aggregate's own files (block map, volume table) and numbers, as the last consistency point left them and as the
/// next one changes them. Only the consistency point's thread, but for `generation`.
public final class Aggregate {
    private final long id;
    private final MetaBlocks blocks;
    private final BlockMap map;
    private FileTree mapTree;
    private FileTree volumeTable;
    private int volumeSlots;
    private volatile long generation;
    private volatile long lastLsn;

    /// As a mount found it.
    public Aggregate(FsInfo info, MetaBlocks blocks) {
        id = info.aggregateId();
        this.blocks = blocks;
        mapTree = InodeCodec.tree(info.blockMap(), 0);
        volumeTable = InodeCodec.tree(info.volumeTable(), 0);
        volumeSlots = info.volumeSlots();
        generation = info.generation();
        lastLsn = info.lastLsn();
        var counts = new BlockMap.Counts(info.freeBlocks(), info.freedEvenBlocks(), info.freedOddBlocks());
        map = new BlockMap(info.totalBlocks(), counts, this::readMap);
    }

    private Aggregate(long id, long totalBlocks, MetaBlocks blocks) throws IOException {
        this.id = id;
        this.blocks = blocks;
        mapTree = FileTree.EMPTY;
        volumeTable = FileTree.EMPTY;
        map = BlockMap.fresh(totalBlocks);
    }

    /// Not on disk yet: the first consistency point makes it so.
    public static Aggregate fresh(long id, long totalBlocks, MetaBlocks blocks) throws IOException {
        return new Aggregate(id, totalBlocks, blocks);
    }

    private byte[] readMap(long mapBlock) throws IOException {
        BlockPointer pointer = TreeReader.find(mapTree, mapBlock, blocks::load);
        return pointer.isHole() ? new byte[BLOCK_SIZE] : blocks.load(pointer).clone();
    }

    public long id() {
        return id;
    }

    /// The last consistency point; 0 before the first.
    public long generation() {
        return generation;
    }

    /// The last log record that it includes.
    public long lastLsn() {
        return lastLsn;
    }

    /// Blocks kept back from clients, so that consistency points and deletes always have room: what the aggregate's
    /// own files rewrite in three consistency points (freed blocks wait two), and one in sixty-four for deletes.
    public long safetyBlocks() {
        long mapBlocks = BlockMapLayout.blocksFor(map.totalBlocks());
        return 64 + 4 * mapBlocks + 4 * tableBlocks() + Math.min(map.totalBlocks() / 64, 16384);
    }

    /// Blocks of the volume table: of the slots that fsinfo has no room for.
    long tableBlocks() {
        int beyond = Math.max(0, volumeSlots - FsInfoLayout.VOLUMES_INLINE);
        return (beyond + VolumeLayout.PER_BLOCK - 1) / VolumeLayout.PER_BLOCK;
    }

    /// The volume table's slots as the consistency point that is being written has them.
    void volumeSlots(int slots) {
        volumeSlots = slots;
    }

    BlockMap map() {
        return map;
    }

    MetaBlocks blocks() {
        return blocks;
    }

    FileTree mapTree() {
        return mapTree;
    }

    void mapTree(FileTree tree) {
        mapTree = tree;
    }

    FileTree volumeTable() {
        return volumeTable;
    }

    void volumeTable(FileTree tree) {
        volumeTable = tree;
    }

    /// The new root; everything that it reaches is written.
    FsInfo info(
            long newGeneration,
            long newLastLsn,
            long labelGeneration,
            long wallNs,
            FrozenSet set,
            byte[] inlineVolumes) {
        BlockMap.Counts counts = map.counts();
        long mapBytes = BlockMapLayout.blocksFor(map.totalBlocks()) * BLOCK_SIZE;
        return new FsInfo(
                id,
                newGeneration,
                labelGeneration,
                newLastLsn,
                wallNs,
                map.totalBlocks(),
                counts.free(),
                counts.freedEven(),
                counts.freedOdd(),
                set.volumeSlots(),
                set.nextVolumeId(),
                set.lastChange(),
                InodeCodec.encodeFile(mapTree, mapBytes),
                InodeCodec.encodeFile(volumeTable, tableBlocks() * BLOCK_SIZE),
                inlineVolumes);
    }

    void committed(FsInfo info) {
        map.written();
        generation = info.generation();
        lastLsn = info.lastLsn();
    }

    static {
        Check.that(InodeLayout.SIZE * InodeLayout.PER_BLOCK == BLOCK_SIZE, "inodes of a block");
    }
}
