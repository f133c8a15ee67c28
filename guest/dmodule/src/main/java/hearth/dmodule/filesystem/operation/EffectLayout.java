package hearth.dmodule.filesystem.operation;

/// An effect in a log record, little-endian. The head, then the steps, packed. Version history: 1, the first.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 1 | VERSION | 1 |
/// | 1 | 1 | - | zero |
/// | 2 | 2 | STEPS | number of steps that follow |
/// | 4 | 4 | VOLUME | volume id |
///
/// A step is a kind byte, as numbered below, and its fields: inode, cookie, block, size and time 8 bytes, generation,
/// uid, gid, link count, payload block, count and checksum 4, mode 2, type 1; a name is a length byte and its bytes, a
/// text a 2-byte length and its bytes.
///
/// 1. Take: inode, generation
/// 2. SetInode: inode, type, mode, link count, uid, gid, generation, size, access, modify, change and birth time,
///    change counter, parent or device
/// 3. Free: inode
/// 4. AddName: directory, name, cookie, inode, type
/// 5. ReplaceName: directory, name, cookie, inode, type
/// 6. RemoveName: directory, name, cookie
/// 7. Data: inode, first block, payload block, count, count checksums
/// 8. Cut: inode, size in blocks
/// 9. Target: inode, text
final class EffectLayout {
    private EffectLayout() {}

    static final int VERSION_OFFSET = 0;
    static final int STEPS_OFFSET = VERSION_OFFSET + 2 * Byte.BYTES;
    static final int VOLUME_OFFSET = STEPS_OFFSET + Short.BYTES;
    static final int HEAD_SIZE = VOLUME_OFFSET + Integer.BYTES;

    static final int VERSION = 1;

    static final int TAKE = 1;
    static final int SET_INODE = 2;
    static final int FREE = 3;
    static final int ADD_NAME = 4;
    static final int REPLACE_NAME = 5;
    static final int REMOVE_NAME = 6;
    static final int DATA = 7;
    static final int CUT = 8;
    static final int TARGET = 9;

    static final int STEPS_MAX = 64;
    /// One block: what a symbolic link can have (PATH_MAX with its NUL is 4096).
    static final int TARGET_BYTES_MAX = 4095;
    /// Blocks of one record's payload: 1 MiB that starts within a block.
    static final int PAYLOAD_BLOCKS_MAX = 257;
}
