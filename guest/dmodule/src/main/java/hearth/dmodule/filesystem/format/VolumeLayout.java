package hearth.dmodule.filesystem.format;

import hearth.base.Units;

/// A volume's record: 1 KiB. Slots 0..2 stand in fsinfo, slot s ≥ 3 in block (s − 3) / 4 of the volume table file.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |-------:|-----:|------|-------------|
/// | 0   | 4   | ID | within the aggregate, never reused; 0: the slot is free |
/// | 4   | 2   | VERSION | 2 |
/// | 6   | 1   | STATE | 1 in use; 2 being deleted; 3 hidden origin of clones: reserved |
/// | 7   | 1   | FLAGS | bit 0: exported read-only |
/// | 8   | 4   | SQUASH | 0 none, 1 root, 2 all |
/// | 12  | 4   | ANONYMOUS_UID | for squashed callers |
/// | 16  | 4   | ANONYMOUS_GID | for squashed callers |
/// | 20  | 1   | NAME_LENGTH | bytes |
/// | 21  | 1   | PATH_LENGTH | bytes; 0: not exported |
/// | 22  | 1   | CLIENTS_LENGTH | bytes |
/// | 23  | 1   | - | spare, zero |
/// | 24  | 8   | ROOT_INODE | number of the root directory |
/// | 32  | 8   | USED_BLOCKS | of all its files, inode file and inode map included |
/// | 40  | 4   | ORIGIN_ID | of a clone: reserved, zero |
/// | 44  | 4   | CHILDREN | of an origin: reserved, zero |
/// | 48  | 16  | SNAPSHOTS | pointer to a list of snapshots: reserved, zero |
/// | 64  | 64  | NAME | UTF-8 |
/// | 128 | 64  | PATH | export path, UTF-8 |
/// | 192 | 192 | CLIENTS | CIDR blocks joined by commas |
/// | 384 | 8   | LIMIT_BLOCKS | the most that the volume may use; 0: as much as the aggregate has |
/// | 392 | 120 | - | spare, zero |
/// | 512 | 256 | INODE_FILE | inode of the inode file |
/// | 768 | 256 | INODE_MAP | inode of the inode map |
public final class VolumeLayout {
    public static final int ID_OFFSET = 0;
    public static final int VERSION_OFFSET = ID_OFFSET + Integer.BYTES;
    public static final int STATE_OFFSET = VERSION_OFFSET + Short.BYTES;
    public static final int FLAGS_OFFSET = STATE_OFFSET + Byte.BYTES;
    public static final int SQUASH_OFFSET = FLAGS_OFFSET + Byte.BYTES;
    public static final int ANONYMOUS_UID_OFFSET = SQUASH_OFFSET + Integer.BYTES;
    public static final int ANONYMOUS_GID_OFFSET = ANONYMOUS_UID_OFFSET + Integer.BYTES;
    public static final int NAME_LENGTH_OFFSET = ANONYMOUS_GID_OFFSET + Integer.BYTES;
    public static final int PATH_LENGTH_OFFSET = NAME_LENGTH_OFFSET + Byte.BYTES;
    public static final int CLIENTS_LENGTH_OFFSET = PATH_LENGTH_OFFSET + Byte.BYTES;
    public static final int ROOT_INODE_OFFSET = 24;
    public static final int USED_BLOCKS_OFFSET = ROOT_INODE_OFFSET + Long.BYTES;
    public static final int ORIGIN_ID_OFFSET = USED_BLOCKS_OFFSET + Long.BYTES;
    public static final int CHILDREN_OFFSET = ORIGIN_ID_OFFSET + Integer.BYTES;
    public static final int SNAPSHOTS_OFFSET = CHILDREN_OFFSET + Integer.BYTES;
    public static final int NAME_OFFSET = SNAPSHOTS_OFFSET + BlockPointer.SIZE;
    public static final int NAME_SIZE = 64;
    public static final int PATH_OFFSET = NAME_OFFSET + NAME_SIZE;
    public static final int PATH_SIZE = 64;
    public static final int CLIENTS_OFFSET = PATH_OFFSET + PATH_SIZE;
    public static final int CLIENTS_SIZE = 192;
    public static final int LIMIT_BLOCKS_OFFSET = CLIENTS_OFFSET + CLIENTS_SIZE;
    public static final int INODE_FILE_OFFSET = 512;
    public static final int INODE_MAP_OFFSET = INODE_FILE_OFFSET + InodeLayout.SIZE;
    /// Bytes of a record.
    public static final int SIZE = INODE_MAP_OFFSET + InodeLayout.SIZE;

    /// History: 1, the first; 2, a limit and volumes that are being deleted. A record of version 1 reads as one of
    /// version 2 without a limit, and the next consistency point writes it so.
    public static final int VERSION = 2;
    public static final int STATE_IN_USE = 1;
    public static final int STATE_DELETING = 2;
    public static final int FLAG_READ_ONLY = 1;
    public static final int PER_BLOCK = Units.BLOCK_SIZE / SIZE;
    /// Volumes of an aggregate.
    public static final int SLOTS_MAX = 1024;

    private VolumeLayout() {}
}
