package hearth.dmodule.filesystem.format;

import hearth.base.Units;

/// An inode: 256 bytes, 16 to a block of a volume's inode file, inode n in block n / 16 at (n % 16) · 256. A free
/// slot has type 0 and keeps its generation, so that a reused number is told from the file that had it before.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |-------:|-----:|------|-------------|
/// | 0   | 1   | VERSION | format of this inode: 1; 0 in a slot never used |
/// | 1   | 1   | TYPE | 0 free, else RFC 1813 §2.6 ftype3 |
/// | 2   | 1   | HEIGHT | indirect levels above the data (`TreeLayout`) |
/// | 3   | 1   | FLAGS | bit 0: the area holds a symbolic link's target, not pointers |
/// | 4   | 2   | MODE | low 12 bits: permissions, setuid, setgid, sticky |
/// | 6   | 2   | INLINE_LENGTH | bytes of the inline target |
/// | 8   | 4   | LINK_COUNT | names; a directory counts "." and its subdirectories' ".." |
/// | 12  | 4   | GENERATION | of this use of the number |
/// | 16  | 4   | UID | owner |
/// | 20  | 4   | GID | group |
/// | 24  | 8   | SIZE | bytes; of a directory as its format says |
/// | 32  | 6   | USED_BLOCKS | data and indirect blocks on disk |
/// | 38  | 2   | SPARE | zero |
/// | 40  | 8   | ACCESS_TIME | ns since 1970, signed |
/// | 48  | 8   | MODIFY_TIME | ns since 1970, signed |
/// | 56  | 8   | CHANGE_TIME | ns since 1970, signed |
/// | 64  | 8   | BIRTH_TIME | ns since 1970, signed |
/// | 72  | 8   | CHANGE_COUNTER | +1 at each change |
/// | 80  | 8   | PARENT_OR_DEVICE | a directory's parent; a device's numbers; else an exclusive create's verifier |
/// | 88  | 8   | PRIVATE | for the owner of the type's format (directories: root of the index and count) |
/// | 96  | 160 | AREA | ten block pointers, or the inline target |
public final class InodeLayout {
    public static final int VERSION_OFFSET = 0;
    public static final int TYPE_OFFSET = VERSION_OFFSET + Byte.BYTES;
    public static final int HEIGHT_OFFSET = TYPE_OFFSET + Byte.BYTES;
    public static final int FLAGS_OFFSET = HEIGHT_OFFSET + Byte.BYTES;
    public static final int MODE_OFFSET = FLAGS_OFFSET + Byte.BYTES;
    public static final int INLINE_LENGTH_OFFSET = MODE_OFFSET + Short.BYTES;
    public static final int LINK_COUNT_OFFSET = INLINE_LENGTH_OFFSET + Short.BYTES;
    public static final int GENERATION_OFFSET = LINK_COUNT_OFFSET + Integer.BYTES;
    public static final int UID_OFFSET = GENERATION_OFFSET + Integer.BYTES;
    public static final int GID_OFFSET = UID_OFFSET + Integer.BYTES;
    public static final int SIZE_OFFSET = GID_OFFSET + Integer.BYTES;
    public static final int USED_BLOCKS_OFFSET = SIZE_OFFSET + Long.BYTES;
    public static final int SPARE_OFFSET = USED_BLOCKS_OFFSET + 6;
    public static final int ACCESS_TIME_OFFSET = SPARE_OFFSET + Short.BYTES;
    public static final int MODIFY_TIME_OFFSET = ACCESS_TIME_OFFSET + Long.BYTES;
    public static final int CHANGE_TIME_OFFSET = MODIFY_TIME_OFFSET + Long.BYTES;
    public static final int BIRTH_TIME_OFFSET = CHANGE_TIME_OFFSET + Long.BYTES;
    public static final int CHANGE_COUNTER_OFFSET = BIRTH_TIME_OFFSET + Long.BYTES;
    public static final int PARENT_OR_DEVICE_OFFSET = CHANGE_COUNTER_OFFSET + Long.BYTES;
    public static final int PRIVATE_OFFSET = PARENT_OR_DEVICE_OFFSET + Long.BYTES;
    public static final int AREA_OFFSET = PRIVATE_OFFSET + Long.BYTES;
    /// Bytes of an inode.
    public static final int SIZE = AREA_OFFSET + TreeLayout.ROOTS * BlockPointer.SIZE;

    /// What `VERSION` says. History: 1, the first.
    public static final int VERSION_NOW = 1;
    public static final int FLAG_INLINE = 1;
    /// Bytes of the area: ten pointers, or the longest inline symbolic link target.
    public static final int AREA_SIZE = TreeLayout.ROOTS * BlockPointer.SIZE;
    public static final int PER_BLOCK = Units.BLOCK_SIZE / SIZE;
    /// The root directory of every volume; lower numbers are reserved.
    public static final long ROOT_INODE = 64;
    /// Inode numbers under one block of the inode map (one bit each, 1 = in use).
    public static final int PER_MAP_BLOCK = Units.BLOCK_SIZE * Byte.SIZE;
    /// Inode numbers are below this.
    public static final long NUMBER_MAX = 1L << 40;

    private InodeLayout() {}
}
