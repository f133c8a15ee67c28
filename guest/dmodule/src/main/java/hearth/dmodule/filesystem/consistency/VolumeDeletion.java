package hearth.dmodule.filesystem.consistency;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

import hearth.dmodule.filesystem.core.DamagedBlock;
import hearth.dmodule.filesystem.core.FrozenVolume;
import hearth.dmodule.filesystem.core.InodeCodec;
import hearth.dmodule.filesystem.core.MetaBlocks;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.TreeLayout;
import hearth.dmodule.filesystem.tree.FileTree;
import hearth.dmodule.filesystem.tree.TreeReader;
import hearth.dmodule.filesystem.tree.TreeWriter;

/// One consistency point's share of deleting a volume: a bounded number of its blocks, from the end of its inode file
/// on. What is left is itself a smaller volume, so a death costs nothing but the step that was not committed. One use.
///
/// Everything that has to be found is read before anything is freed: a volume with a block that cannot be read is left
/// as it is, and the consistency point goes on.
final class VolumeDeletion {
    /// Blocks freed by one consistency point: bounds how long it takes and how much of the block map it dirties.
    static final int BLOCKS_MAX = 8192;

    /// What looking at a block of inodes counts, even if none of them has a block.
    private static final int INODE_BLOCK_COST = 4;

    private static final long[] NONE = {};

    private final FrozenVolume volume;
    private final MetaBlocks blocks;
    private final long generation;
    private final List<Cut> cuts = new ArrayList<>();
    private long left = BLOCKS_MAX;
    /// All of the inode file from here on goes.
    private long from;
    /// The file that is too large for this step stands in the block before `from`.
    private boolean partial;

    VolumeDeletion(FrozenVolume volume, MetaBlocks blocks, long generation) {
        this.volume = volume;
        this.blocks = blocks;
        this.generation = generation;
        from = volume.deletedFrom();
    }

    /// A file that loses its blocks from `cutTo` on.
    private record Cut(long inodeBlock, int slot, FileTree tree, long cutTo) {}

    /// @param cutter for trees that only lose blocks
    /// @param writer for a tree with the changed blocks given
    void step(TreeWriter.Blocks cutter, Function<TreeMap<Long, byte[]>, TreeWriter.Blocks> writer) throws IOException {
        if (volume.isStuck()) {
            return;
        }
        try {
            plan();
        } catch (DamagedBlock e) {
            volume.stuck(String.valueOf(e.getMessage()));
            return;
        }
        TreeMap<Long, byte[]> changed = new TreeMap<>();
        long released = 0;
        for (Cut cut : cuts) {
            FileTree smaller = TreeWriter.write(cut.tree(), cutter, generation, NONE, cut.cutTo());
            released += cut.tree().usedBlocks() - smaller.usedBlocks();
            if (partial && cut.inodeBlock() == from - 1) {
                byte[] inodes = changed.get(cut.inodeBlock());
                if (inodes == null) {
                    inodes = load(volume.inodeFile(), cut.inodeBlock()).clone();
                    changed.put(cut.inodeBlock(), inodes);
                }
                InodeCodec.replaceTree(inodes, cut.slot() * InodeLayout.SIZE, smaller);
            }
        }
        long[] keys = changed.keySet().stream().mapToLong(Long::longValue).toArray();
        FileTree inodeFile = TreeWriter.write(volume.inodeFile(), writer.apply(changed), generation, keys, from);
        FileTree inodeMap = from == 0
                ? TreeWriter.write(volume.inodeMap(), cutter, generation, NONE, 0)
                : volume.inodeMap();
        volume.deleted(inodeFile, inodeMap, released, from);
    }

    private void plan() throws IOException {
        while (from > 0 && left > 0) {
            long block = from - 1;
            BlockPointer pointer = TreeReader.find(volume.inodeFile(), block, blocks::load);
            if (!pointer.isHole()) {
                left -= INODE_BLOCK_COST;
                plan(block, blocks.load(pointer));
                if (partial) {
                    return;
                }
            }
            from = block;
        }
        if (from == 0) {
            left = Long.MAX_VALUE;
            placeOfCut(volume.inodeMap());
        }
    }

    private void plan(long block, byte[] inodes) throws IOException {
        for (int slot = InodeLayout.PER_BLOCK - 1; slot >= 0; slot--) {
            FileTree tree = InodeCodec.tree(inodes, slot * InodeLayout.SIZE);
            if (tree.usedBlocks() == 0) {
                continue;
            }
            if (left <= 0) {
                partial = true;
                return;
            }
            long cutTo = placeOfCut(tree);
            cuts.add(new Cut(block, slot, tree, cutTo));
            if (cutTo > 0) {
                partial = true;
                return;
            }
        }
    }

    private byte[] load(FileTree tree, long block) throws IOException {
        return blocks.load(TreeReader.find(tree, block, blocks::load));
    }

    /// From which block on the tree can go in this step; 0: all of it. Reads every indirect block that goes.
    private long placeOfCut(FileTree tree) throws IOException {
        for (int i = TreeLayout.ROOTS - 1; i >= 0; i--) {
            long place = placeOfCut(tree.root(i), tree.height(), i);
            if (place >= 0) {
                return place;
            }
        }
        return 0;
    }

    private long placeOfCut(BlockPointer pointer, int level, long index) throws IOException {
        if (pointer.isHole()) {
            return -1;
        }
        left--;
        if (level == 0) {
            return left <= 0 ? index : -1;
        }
        byte[] bytes = blocks.load(pointer);
        for (int slot = TreeLayout.FANOUT - 1; slot >= 0; slot--) {
            BlockPointer below = BlockPointer.decode(bytes, slot * BlockPointer.SIZE);
            long place = placeOfCut(below, level - 1, index << TreeLayout.FANOUT_BITS | slot);
            if (place >= 0) {
                return place;
            }
        }
        return -1;
    }
}
