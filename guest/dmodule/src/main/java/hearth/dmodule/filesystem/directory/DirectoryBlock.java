package hearth.dmodule.filesystem.directory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import hearth.base.Check;
import hearth.base.Units;
import hearth.cf.FileType;
import hearth.cf.Name;

import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.BODY_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.CHILD_BLOCK_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.CHILD_KEY_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.CHILD_SIZE;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.COUNT_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.END_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.ENTRY_COOKIE_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.ENTRY_INODE_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.ENTRY_LENGTH_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.ENTRY_NAME_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.ENTRY_TYPE_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.FREE_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.LEVEL_FREE;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.LEVEL_MAX;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.LEVEL_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.MAGIC;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.MAGIC_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.MARK_OFFSET;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.VERSION;
import static hearth.dmodule.filesystem.directory.DirectoryBlockLayout.VERSION_OFFSET;

/// Reading and changing the bytes of one directory block. Blocks come from the file system, which has verified their
/// checksums, so a block that does not parse is a bug.
final class DirectoryBlock {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final FileType[] TYPES = FileType.values();

    private DirectoryBlock() {}

    /// Makes `block` an empty block of `level`, keeping what block 0 says of the whole directory.
    static void init(byte[] block, int level) {
        INT.set(block, MAGIC_OFFSET, MAGIC);
        SHORT.set(block, VERSION_OFFSET, VERSION);
        block[LEVEL_OFFSET] = (byte) level;
        SHORT.set(block, COUNT_OFFSET, (short) 0);
        SHORT.set(block, END_OFFSET, (short) BODY_OFFSET);
    }

    /// Checks that `block` is of this format and not free; every path through a tree does it at each block.
    static byte[] checked(byte[] block) {
        Check.that((int) INT.get(block, MAGIC_OFFSET) == MAGIC, "not a directory block");
        Check.that((short) SHORT.get(block, VERSION_OFFSET) == VERSION, "directory block of another version");
        Check.that(level(block) <= LEVEL_MAX, "directory block's level", level(block));
        Check.that(end(block) >= BODY_OFFSET && end(block) <= Units.BLOCK_SIZE, "directory block's end", end(block));
        return block;
    }

    static int level(byte[] block) {
        return block[LEVEL_OFFSET] & 0xFF;
    }

    static int count(byte[] block) {
        return (short) SHORT.get(block, COUNT_OFFSET);
    }

    static int end(byte[] block) {
        return (short) SHORT.get(block, END_OFFSET);
    }

    static int free(byte[] block) {
        return (int) INT.get(block, FREE_OFFSET);
    }

    static void setFree(byte[] block, int next) {
        INT.set(block, FREE_OFFSET, next);
    }

    static int mark(byte[] block) {
        return (int) INT.get(block, MARK_OFFSET);
    }

    static void setMark(byte[] block, int blocks) {
        INT.set(block, MARK_OFFSET, blocks);
    }

    private static void setExtent(byte[] block, int count, int end) {
        SHORT.set(block, COUNT_OFFSET, (short) count);
        SHORT.set(block, END_OFFSET, (short) end);
    }

    /// Whether one more entry of `nameLength` (a leaf) or one more child (an index block) has room.
    static boolean hasRoom(byte[] block, int nameLength) {
        int size = level(block) == 0 ? ENTRY_NAME_OFFSET + nameLength : CHILD_SIZE;
        return end(block) + size <= Units.BLOCK_SIZE;
    }

    // Leaves.

    static long cookie(byte[] leaf, int at) {
        return (long) LONG.get(leaf, at + ENTRY_COOKIE_OFFSET);
    }

    static int next(byte[] leaf, int at) {
        return at + ENTRY_NAME_OFFSET + (leaf[at + ENTRY_LENGTH_OFFSET] & 0xFF);
    }

    /// Offset of the first entry with a cookie of at least `cookie`; `end` if there is none.
    static int seek(byte[] leaf, long cookie) {
        int at = BODY_OFFSET;
        int end = end(leaf);
        while (at < end && cookie(leaf, at) < cookie) {
            at = next(leaf, at);
        }
        return at;
    }

    static boolean nameEquals(byte[] leaf, int at, byte[] name) {
        int length = leaf[at + ENTRY_LENGTH_OFFSET] & 0xFF;
        int from = at + ENTRY_NAME_OFFSET;
        return length == name.length && Arrays.equals(leaf, from, from + length, name, 0, length);
    }

    static DirectoryEntry entry(byte[] leaf, int at) {
        int from = at + ENTRY_NAME_OFFSET;
        var name = new Name(Arrays.copyOfRange(leaf, from, next(leaf, at)));
        int type = leaf[at + ENTRY_TYPE_OFFSET];
        Check.that(type >= 1 && type <= TYPES.length, "directory entry's type", type);
        long inode = (long) LONG.get(leaf, at + ENTRY_INODE_OFFSET);
        return new DirectoryEntry(name, inode, TYPES[type - 1], cookie(leaf, at));
    }

    static void insertEntry(byte[] leaf, DirectoryEntry entry) {
        int at = seek(leaf, entry.cookie());
        int end = end(leaf);
        Check.that(at == end || cookie(leaf, at) != entry.cookie(), "cookie is taken", entry.cookie());
        byte[] name = entry.name().bytes();
        int size = ENTRY_NAME_OFFSET + name.length;
        System.arraycopy(leaf, at, leaf, at + size, end - at);
        LONG.set(leaf, at + ENTRY_COOKIE_OFFSET, entry.cookie());
        leaf[at + ENTRY_LENGTH_OFFSET] = (byte) name.length;
        System.arraycopy(name, 0, leaf, at + ENTRY_NAME_OFFSET, name.length);
        setTarget(leaf, at, entry.inode(), entry.type());
        setExtent(leaf, count(leaf) + 1, end + size);
    }

    static void setTarget(byte[] leaf, int at, long inode, FileType type) {
        LONG.set(leaf, at + ENTRY_INODE_OFFSET, inode);
        leaf[at + ENTRY_TYPE_OFFSET] = (byte) type.code();
    }

    static void removeEntry(byte[] leaf, int at) {
        cut(leaf, at, next(leaf, at));
    }

    // Index blocks.

    static long key(byte[] index, int child) {
        return (long) LONG.get(index, BODY_OFFSET + child * CHILD_SIZE + CHILD_KEY_OFFSET);
    }

    static int child(byte[] index, int child) {
        return (int) INT.get(index, BODY_OFFSET + child * CHILD_SIZE + CHILD_BLOCK_OFFSET);
    }

    /// The child that has, or would have, `cookie`: the last whose key is not above it, else the first.
    static int childFor(byte[] index, long cookie) {
        int low = 0;
        int high = count(index) - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (key(index, middle) <= cookie) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    static void insertChild(byte[] index, int position, long key, int block) {
        int at = BODY_OFFSET + position * CHILD_SIZE;
        int end = end(index);
        System.arraycopy(index, at, index, at + CHILD_SIZE, end - at);
        LONG.set(index, at + CHILD_KEY_OFFSET, key);
        INT.set(index, at + CHILD_BLOCK_OFFSET, block);
        setExtent(index, count(index) + 1, end + CHILD_SIZE);
    }

    static void removeChild(byte[] index, int position) {
        int at = BODY_OFFSET + position * CHILD_SIZE;
        cut(index, at, at + CHILD_SIZE);
    }

    private static void cut(byte[] block, int from, int to) {
        int end = end(block);
        System.arraycopy(block, to, block, from, end - to);
        setExtent(block, count(block) - 1, end - (to - from));
    }

    // Splitting.

    /// Moves everything of `from` into the new block `to`, leaving `from` empty at the next level.
    static void moveDown(byte[] from, byte[] to) {
        init(to, level(from));
        System.arraycopy(from, BODY_OFFSET, to, BODY_OFFSET, end(from) - BODY_OFFSET);
        setExtent(to, count(from), end(from));
        init(from, level(from) + 1);
    }

    /// Moves the upper half of `left` into the new block `right` and returns the lowest cookie or key moved.
    static long split(byte[] left, byte[] right) {
        int level = level(left);
        init(right, level);
        int end = end(left);
        int half = BODY_OFFSET + (end - BODY_OFFSET) / 2;
        int at = BODY_OFFSET;
        int kept = 0;
        do {
            at = level == 0 ? next(left, at) : at + CHILD_SIZE;
            kept++;
        } while (at < half);
        int moved = count(left) - kept;
        Check.that(moved > 0, "nothing to split off", kept);
        System.arraycopy(left, at, right, BODY_OFFSET, end - at);
        setExtent(right, moved, BODY_OFFSET + end - at);
        setExtent(left, kept, at);
        return level == 0 ? cookie(right, BODY_OFFSET) : key(right, 0);
    }

    /// Makes `block` a free block that points at `next`.
    static void release(byte[] block, int next) {
        init(block, LEVEL_FREE);
        setFree(block, next);
    }
}
