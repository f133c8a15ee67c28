package hearth.dmodule.filesystem.directory;

/// One block of a directory file, little-endian. Version history: 1, the first.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 4 | MAGIC | `HDIR` |
/// | 4 | 2 | VERSION | 1 |
/// | 6 | 1 | LEVEL | 0 a leaf, 1 to 7 an index block that many levels above the leaves, 255 a free block |
/// | 7 | 1 | - | zero |
/// | 8 | 2 | COUNT | entries of a leaf, children of an index block |
/// | 10 | 2 | END | offset of the first unused byte |
/// | 12 | 4 | - | zero |
/// | 16 | 4 | FREE | block 0: first free block, 0 for none; a free block: the next one; else 0 |
/// | 20 | 4 | MARK | block 0: blocks ever taken from the file since the directory was last empty; else 0 |
/// | 24 | 40 | - | zero |
/// | 64 | 4032 | BODY | entries or children, packed, ascending; bytes from END on are not defined |
///
/// An entry of a leaf:
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | ENTRY_COOKIE | its place in the listing |
/// | 8 | 8 | ENTRY_INODE | inode number |
/// | 16 | 1 | ENTRY_TYPE | RFC 1813 §2.6 ftype3 |
/// | 17 | 1 | ENTRY_LENGTH | bytes of the name |
/// | 18 | n | ENTRY_NAME | the name |
///
/// A child of an index block:
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | CHILD_KEY | lowest cookie; of the first child without meaning |
/// | 8 | 4 | CHILD_BLOCK | block number within the directory |
final class DirectoryBlockLayout {
    private DirectoryBlockLayout() {}

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Integer.BYTES;
    static final int LEVEL_OFFSET = VERSION_OFFSET + Short.BYTES;
    static final int COUNT_OFFSET = LEVEL_OFFSET + 2 * Byte.BYTES;
    static final int END_OFFSET = COUNT_OFFSET + Short.BYTES;
    static final int FREE_OFFSET = END_OFFSET + Short.BYTES + Integer.BYTES;
    static final int MARK_OFFSET = FREE_OFFSET + Integer.BYTES;
    static final int BODY_OFFSET = MARK_OFFSET + Integer.BYTES + 40;

    static final int MAGIC = 0x52494448;
    static final short VERSION = 1;
    static final int LEVEL_FREE = 255;
    static final int LEVEL_MAX = 7;

    static final int ENTRY_COOKIE_OFFSET = 0;
    static final int ENTRY_INODE_OFFSET = ENTRY_COOKIE_OFFSET + Long.BYTES;
    static final int ENTRY_TYPE_OFFSET = ENTRY_INODE_OFFSET + Long.BYTES;
    static final int ENTRY_LENGTH_OFFSET = ENTRY_TYPE_OFFSET + Byte.BYTES;
    static final int ENTRY_NAME_OFFSET = ENTRY_LENGTH_OFFSET + Byte.BYTES;

    static final int CHILD_KEY_OFFSET = 0;
    static final int CHILD_BLOCK_OFFSET = CHILD_KEY_OFFSET + Long.BYTES;
    static final int CHILD_SIZE = CHILD_BLOCK_OFFSET + Integer.BYTES;
}
