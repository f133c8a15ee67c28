package hearth.memory.index;

import hearth.base.Check;

/// What a record changed: a data block, an inode's attributes, a name, or a tombstone. Two words; the highest byte of
/// the first is the type, so an object's number has 56 bits.
public record DirtyKey(long first, long second) {
    public static final int DATA = 1;
    public static final int ATTRIBUTES = 2;
    public static final int NAME = 3;
    public static final int TRUNCATED = 4;
    public static final int REMOVED = 5;

    private static final int TYPE_SHIFT = 56;

    public static DirtyKey data(long inode, long fileBlock) {
        return of(DATA, inode, fileBlock);
    }

    /// Attributes and size.
    public static DirtyKey attributes(long inode, long generation) {
        return of(ATTRIBUTES, inode, generation);
    }

    public static DirtyKey name(long directory, long nameHash) {
        return of(NAME, directory, nameHash);
    }

    /// Tombstone: blocks of `inode` older than this record are gone; the record tells from which block on.
    public static DirtyKey truncated(long inode, long generation) {
        return of(TRUNCATED, inode, generation);
    }

    /// Tombstone of a name.
    public static DirtyKey removed(long directory, long nameHash) {
        return of(REMOVED, directory, nameHash);
    }

    public int type() {
        return (int) (first >>> TYPE_SHIFT);
    }

    private static DirtyKey of(int type, long object, long second) {
        Check.that(object >>> TYPE_SHIFT == 0, "object number needs more than 56 bits", object);
        return new DirtyKey((long) type << TYPE_SHIFT | object, second);
    }

    static int hash(long first, long second) {
        long mixed = (first ^ Long.rotateLeft(second, 31)) * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ mixed >>> 29) * 0xBF58_476D_1CE4_E5B9L + second;
        return (int) (mixed ^ mixed >>> 32);
    }
}
