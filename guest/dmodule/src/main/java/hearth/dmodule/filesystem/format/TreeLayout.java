package hearth.dmodule.filesystem.format;

import hearth.base.Check;
import hearth.base.Units;

/// The shape of a file's block tree. At height h each of the inode's `ROOTS` pointers covers 256^h blocks: height 0
/// is ten direct blocks. A file that grows past its height gets new indirect blocks on top: the old roots become the
/// first ten pointers of slot 0's new indirect block, so block numbers keep their places.
///
/// An indirect block is `FANOUT` pointers of 16 bytes (`BlockPointer`) and nothing else: its checksum stands in the
/// pointer to it. An indirect block without any pointer is never written: its pointer is a hole.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |-------:|-----:|------|-------------|
/// | 0 | 4096 | POINTERS | of an indirect block: 256 block pointers |
public final class TreeLayout {
    public static final int POINTERS_OFFSET = 0;
    /// Bytes of an indirect block's pointers: the whole block.
    public static final int POINTERS_SIZE = Units.BLOCK_SIZE;

    /// Pointers in an inode.
    public static final int ROOTS = 10;
    /// Pointers in an indirect block.
    public static final int FANOUT = Units.BLOCK_SIZE / BlockPointer.SIZE;
    /// log2 of `FANOUT`.
    public static final int FANOUT_BITS = 8;
    public static final int HEIGHT_MAX = 5;
    /// Blocks of the largest file (40 PiB).
    public static final long FILE_BLOCKS_MAX = blocksAt(HEIGHT_MAX);

    private TreeLayout() {}

    /// Blocks that a tree of `height` can address.
    public static long blocksAt(int height) {
        return (long) ROOTS << (FANOUT_BITS * height);
    }

    /// The least height that addresses `blocks` blocks.
    public static int heightFor(long blocks) {
        Check.that(blocks >= 0 && blocks <= FILE_BLOCKS_MAX, "file too large", blocks);
        int height = 0;
        while (blocks > blocksAt(height)) {
            height++;
        }
        return height;
    }

    /// Blocks under one pointer that stands `level` indirect blocks above the data.
    public static long span(int level) {
        return 1L << (FANOUT_BITS * level);
    }
}
