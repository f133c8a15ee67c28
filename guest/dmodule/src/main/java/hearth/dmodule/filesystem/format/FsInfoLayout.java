package hearth.dmodule.filesystem.format;

import hearth.base.Units;

/// fsinfo: the root of an aggregate, one block of 4 KiB. Stands at two fixed block numbers of every member (slot by the
/// generation's parity), written in place below RAID, and in the region. Everything else is reached from it.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |-------:|-----:|------|-------------|
/// | 0    | 8    | MAGIC | "HEARTHFS" |
/// | 8    | 4    | VERSION | 2 |
/// | 12   | 4    | CRC | CRC32C of the block with these four bytes zero |
/// | 16   | 8    | AGGREGATE_ID | random, not zero |
/// | 24   | 8    | GENERATION | number of the consistency point, from 1 |
/// | 32   | 8    | LABEL_GENERATION | of the labels when it was written |
/// | 40   | 8    | LAST_LSN | log records up to here are included |
/// | 48   | 8    | WALL_TIME | ns since 1970 |
/// | 56   | 8    | TOTAL_BLOCKS | vbns, 0 included |
/// | 64   | 8    | FREE_BLOCKS | free for allocation |
/// | 72   | 8    | FREED_EVEN_BLOCKS | freed by an even consistency point, not yet free |
/// | 80   | 8    | FREED_ODD_BLOCKS | freed by an odd consistency point, not yet free |
/// | 88   | 4    | VOLUME_SLOTS | slots of the volume table in use or once used |
/// | 92   | 4    | NEXT_VOLUME_ID | never reused |
/// | 96   | 8    | LAST_CHANGE | random number of the administrator's last change; 0: none yet |
/// | 104  | 152  | - | spare, zero |
/// | 256  | 256  | BLOCK_MAP | inode of the block map |
/// | 512  | 256  | VOLUME_TABLE | inode of the volume table from slot 3 on |
/// | 768  | 256  | SPARE_FILE | zero; for a third file of the aggregate |
/// | 1024 | 3072 | VOLUMES | volume records of slots 0..2, so that a small aggregate mounts from this block alone |
public final class FsInfoLayout {
    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int CRC_OFFSET = VERSION_OFFSET + Integer.BYTES;
    public static final int AGGREGATE_ID_OFFSET = CRC_OFFSET + Integer.BYTES;
    public static final int GENERATION_OFFSET = AGGREGATE_ID_OFFSET + Long.BYTES;
    public static final int LABEL_GENERATION_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int LAST_LSN_OFFSET = LABEL_GENERATION_OFFSET + Long.BYTES;
    public static final int WALL_TIME_OFFSET = LAST_LSN_OFFSET + Long.BYTES;
    public static final int TOTAL_BLOCKS_OFFSET = WALL_TIME_OFFSET + Long.BYTES;
    public static final int FREE_BLOCKS_OFFSET = TOTAL_BLOCKS_OFFSET + Long.BYTES;
    public static final int FREED_EVEN_BLOCKS_OFFSET = FREE_BLOCKS_OFFSET + Long.BYTES;
    public static final int FREED_ODD_BLOCKS_OFFSET = FREED_EVEN_BLOCKS_OFFSET + Long.BYTES;
    public static final int VOLUME_SLOTS_OFFSET = FREED_ODD_BLOCKS_OFFSET + Long.BYTES;
    public static final int NEXT_VOLUME_ID_OFFSET = VOLUME_SLOTS_OFFSET + Integer.BYTES;
    public static final int LAST_CHANGE_OFFSET = NEXT_VOLUME_ID_OFFSET + Integer.BYTES;
    public static final int BLOCK_MAP_OFFSET = 256;
    public static final int VOLUME_TABLE_OFFSET = BLOCK_MAP_OFFSET + InodeLayout.SIZE;
    public static final int SPARE_FILE_OFFSET = VOLUME_TABLE_OFFSET + InodeLayout.SIZE;
    public static final int VOLUMES_OFFSET = SPARE_FILE_OFFSET + InodeLayout.SIZE;
    public static final int VOLUMES_SIZE = Units.BLOCK_SIZE - VOLUMES_OFFSET;

    /// "HEARTHFS" as bytes in file order.
    public static final long MAGIC = 0x5346_4854_5241_4548L;
    /// History: 1, the first; 2, the last change, and volume records of version 2.
    public static final int VERSION = 2;
    /// The oldest that is read: what version 2 added reads as zero there. The next consistency point writes version 2.
    public static final int VERSION_MIN = 1;
    /// Volume records in this block.
    public static final int VOLUMES_INLINE = VOLUMES_SIZE / VolumeLayout.SIZE;

    /// The two places on every member, in blocks of the disk, by the generation's parity.
    public static final long DBN_EVEN = 136;
    public static final long DBN_ODD = 137;

    private FsInfoLayout() {}

    /// Where on the members the fsinfo of that generation goes.
    public static long dbnOf(long generation) {
        return (generation & 1) == 0 ? DBN_EVEN : DBN_ODD;
    }
}
