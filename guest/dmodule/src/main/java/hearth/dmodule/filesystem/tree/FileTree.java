package hearth.dmodule.filesystem.tree;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.TreeLayout;

/// A file's blocks as one consistency point left them. A value: a newer version is another object.
///
/// @param roots ten encoded pointers, never changed
/// @param height indirect levels above the data
/// @param usedBlocks data and indirect blocks
public record FileTree(byte[] roots, int height, long usedBlocks) {
    /// No block at all.
    public static final FileTree EMPTY = new FileTree(new byte[InodeLayout.AREA_SIZE], 0, 0);

    public FileTree {
        Check.that(roots.length == InodeLayout.AREA_SIZE, "roots are ten pointers", roots.length);
        Check.that(height >= 0 && height <= TreeLayout.HEIGHT_MAX, "height of a tree", height);
    }

    public BlockPointer root(int index) {
        return BlockPointer.decode(roots, index * BlockPointer.SIZE);
    }

    /// Blocks that the tree can address without growing.
    public long blocksMax() {
        return TreeLayout.blocksAt(height);
    }
}
