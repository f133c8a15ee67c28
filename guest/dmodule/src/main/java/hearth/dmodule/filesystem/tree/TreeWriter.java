package hearth.dmodule.filesystem.tree;

import java.io.IOException;
import java.util.Arrays;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.TreeLayout;

import static hearth.base.Units.BLOCK_SIZE;

/// Writes a new version of a tree beside the old one: cut, then changed blocks and the indirect blocks above them, in
/// file order and bottom-up, so that every pointer carries the checksum of what was written. Old blocks that the new
/// version does not share are released, never overwritten.
///
/// One use per version; a consistency point's thread only.
public final class TreeWriter {
    /// Where blocks come from and go to.
    public interface Blocks extends BlockSource<IOException> {
        /// A place for block `index` of `level`.
        long place(int level, long index) throws IOException;

        /// The new version does not have this block any more.
        void release(BlockPointer old) throws IOException;

        /// Writes the changed data block `fbn` to `vbn` and returns the CRC32C of its bytes.
        int writeData(long fbn, long vbn) throws IOException;

        /// Writes an indirect block.
        void writeIndirect(long vbn, byte[] bytes, int crc) throws IOException;
    }

    private final Blocks blocks;
    private final long birth;
    private final long[] changed;
    private final long cutTo;
    /// New indirect blocks on top, by level: block 0 of that level, not on disk yet; empty where there is none.
    private final byte[][] raised = new byte[TreeLayout.HEIGHT_MAX + 1][];
    private int next;
    private long used;

    private TreeWriter(Blocks blocks, long birth, long[] changed, long cutTo) {
        this.blocks = blocks;
        this.birth = birth;
        this.changed = changed;
        this.cutTo = cutTo;
        Arrays.fill(raised, new byte[0]);
    }

    /// The new version of `old`.
    ///
    /// @param birth generation of the consistency point that writes
    /// @param changed file blocks to write, ascending
    /// @param cutTo old blocks from here on go; `Long.MAX_VALUE` keeps all
    public static FileTree write(FileTree old, Blocks blocks, long birth, long[] changed, long cutTo)
            throws IOException {
        return new TreeWriter(blocks, birth, changed, cutTo).write(old);
    }

    private FileTree write(FileTree old) throws IOException {
        used = old.usedBlocks();
        var roots = new BlockPointer[TreeLayout.ROOTS];
        int height = old.height();
        for (int i = 0; i < roots.length; i++) {
            roots[i] = old.root(i);
        }
        if (cutTo == 0) {
            for (int i = 0; i < roots.length; i++) {
                releaseAll(roots[i], height);
                roots[i] = BlockPointer.HOLE;
            }
        }
        int needed = changed.length == 0 ? 0 : TreeLayout.heightFor(changed[changed.length - 1] + 1);
        height = raise(roots, height, needed);
        for (int i = 0; i < roots.length; i++) {
            roots[i] = node(roots[i], height, i);
        }
        Check.that(next == changed.length, "changed blocks not written", next, changed.length);
        if (allHoles(roots)) {
            Check.that(used == 0, "an empty tree has blocks", used);
            return FileTree.EMPTY;
        }
        var bytes = new byte[InodeLayout.AREA_SIZE];
        encode(roots, bytes);
        return new FileTree(bytes, height, used);
    }

    /// Puts new indirect blocks on top until the tree is high enough.
    private int raise(BlockPointer[] roots, int height, int needed) {
        if (allHoles(roots)) {
            return needed;
        }
        int now = height;
        while (now < needed) {
            now++;
            raised[now] = new byte[BLOCK_SIZE];
            if (now == height + 1) {
                encode(roots, raised[now]);
                Arrays.fill(roots, BlockPointer.HOLE);
            }
        }
        return now;
    }

    /// The new version of block `index` of `level`, whose old version is `old`.
    private BlockPointer node(BlockPointer old, int level, long index) throws IOException {
        long first = index << (TreeLayout.FANOUT_BITS * level);
        long end = first + TreeLayout.span(level);
        boolean dirty = next < changed.length && changed[next] < end;
        boolean fresh = index == 0 && raised[level].length > 0;
        BlockPointer base = old;
        if (first >= cutTo && !old.isHole()) {
            releaseAll(old, level);
            base = BlockPointer.HOLE;
        }
        if (!dirty && !fresh && (base.isHole() || end <= cutTo)) {
            return base;
        }
        return level == 0 ? data(base, index) : indirect(base, level, index);
    }

    /// Whether nothing below block `index` of `level` changes, decided without looking at it: most slots.
    private boolean stays(int level, long index) {
        long end = (index + 1) << (TreeLayout.FANOUT_BITS * level);
        boolean dirty = next < changed.length && changed[next] < end;
        boolean fresh = index == 0 && raised[level].length > 0;
        return !dirty && !fresh && end <= cutTo;
    }

    private BlockPointer data(BlockPointer old, long fbn) throws IOException {
        Check.that(changed[next] == fbn, "changed blocks are not in order", changed[next], fbn);
        next++;
        long vbn = blocks.place(0, fbn);
        int crc = blocks.writeData(fbn, vbn);
        used++;
        release(old);
        return new BlockPointer(vbn, birth, crc);
    }

    private BlockPointer indirect(BlockPointer old, int level, long index) throws IOException {
        boolean fresh = index == 0 && raised[level].length > 0;
        byte[] bytes = fresh ? raised[level] : old.isHole() ? new byte[BLOCK_SIZE] : blocks.block(old).clone();
        boolean touched = fresh;
        boolean empty = true;
        for (int slot = 0; slot < TreeLayout.FANOUT; slot++) {
            int at = slot * BlockPointer.SIZE;
            long child = index << TreeLayout.FANOUT_BITS | slot;
            if (stays(level - 1, child)) {
                empty &= BlockPointer.isHoleAt(bytes, at);
                continue;
            }
            BlockPointer before = BlockPointer.decode(bytes, at);
            BlockPointer after = node(before, level - 1, child);
            if (!after.equals(before)) {
                after.encode(bytes, at);
                touched = true;
            }
            empty &= after.isHole();
        }
        if (empty) {
            release(old);
            return BlockPointer.HOLE;
        }
        if (!touched) {
            return old;
        }
        long vbn = blocks.place(level, index);
        int crc = Bytes.crc(bytes);
        blocks.writeIndirect(vbn, bytes, crc);
        used++;
        release(old);
        return new BlockPointer(vbn, birth, crc);
    }

    private void releaseAll(BlockPointer pointer, int level) throws IOException {
        if (pointer.isHole()) {
            return;
        }
        if (level > 0) {
            byte[] bytes = blocks.block(pointer);
            for (int slot = 0; slot < TreeLayout.FANOUT; slot++) {
                releaseAll(BlockPointer.decode(bytes, slot * BlockPointer.SIZE), level - 1);
            }
        }
        release(pointer);
    }

    private void release(BlockPointer old) throws IOException {
        if (!old.isHole()) {
            blocks.release(old);
            used--;
        }
    }

    private static boolean allHoles(BlockPointer[] roots) {
        for (BlockPointer root : roots) {
            if (!root.isHole()) {
                return false;
            }
        }
        return true;
    }

    private static void encode(BlockPointer[] roots, byte[] to) {
        for (int i = 0; i < roots.length; i++) {
            roots[i].encode(to, i * BlockPointer.SIZE);
        }
    }
}
