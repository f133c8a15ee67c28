package hearth.dmodule.filesystem.tree;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.TreeLayout;

/// Follows a tree from its roots.
public final class TreeReader {
    private TreeReader() {}

    /// The pointer to data block `fbn`; a hole also beyond the tree.
    public static <X extends Exception> BlockPointer find(FileTree tree, long fbn, BlockSource<X> source) throws X {
        return find(tree, 0, fbn, source);
    }

    /// The pointer to block `index` of `level` (0 data, 1 the indirect blocks above it, and so on).
    public static <X extends Exception> BlockPointer find(
            FileTree tree, int level, long index, BlockSource<X> source) throws X {
        Check.that(index >= 0, "block index", index);
        if (level > tree.height()) {
            return BlockPointer.HOLE;
        }
        int above = tree.height() - level;
        long root = index >>> (TreeLayout.FANOUT_BITS * above);
        if (root >= TreeLayout.ROOTS) {
            return BlockPointer.HOLE;
        }
        BlockPointer pointer = tree.root((int) root);
        while (above > 0 && !pointer.isHole()) {
            above--;
            int slot = (int) (index >>> (TreeLayout.FANOUT_BITS * above)) & TreeLayout.FANOUT - 1;
            pointer = BlockPointer.decode(source.block(pointer), slot * BlockPointer.SIZE);
        }
        return pointer;
    }

    /// What a walk shows.
    @FunctionalInterface
    public interface Visitor<X extends Exception> {
        /// `index` counts blocks of that level. False: do not go below this block.
        boolean visit(BlockPointer pointer, int level, long index) throws X;
    }

    /// Shows every block of the tree, an indirect block before those below it.
    public static <X extends Exception, Y extends X, Z extends X> void walk(
            FileTree tree, BlockSource<Y> source, Visitor<Z> visitor) throws X {
        for (int i = 0; i < TreeLayout.ROOTS; i++) {
            walk(tree.root(i), tree.height(), i, source, visitor);
        }
    }

    private static <X extends Exception, Y extends X, Z extends X> void walk(
            BlockPointer pointer, int level, long index, BlockSource<Y> source, Visitor<Z> visitor) throws X {
        if (pointer.isHole() || !visitor.visit(pointer, level, index) || level == 0) {
            return;
        }
        byte[] block = source.block(pointer);
        for (int slot = 0; slot < TreeLayout.FANOUT; slot++) {
            walk(BlockPointer.decode(block, slot * BlockPointer.SIZE), level - 1,
                    index << TreeLayout.FANOUT_BITS | slot, source, visitor);
        }
    }
}
