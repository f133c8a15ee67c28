package hearth.memory.label;

import hearth.base.Units;

/// One copy of a disk's label, one block of 4 KiB. Little-endian. Written front, flush, back, flush.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | MAGIC | "HEARTHDL" |
/// | 8 | 4 | VERSION | history at the constant |
/// | 12 | 4 | RAID_TYPE | 1 mirror |
/// | 16 | 8 | DISK_ID_HIGH | this disk, first half |
/// | 24 | 8 | DISK_ID_LOW | this disk, second half |
/// | 32 | 8 | AGGREGATE_ID | the aggregate it belongs to |
/// | 40 | 4 | RAID_GROUP | group in the aggregate |
/// | 44 | 4 | POSITION | this disk's index in the member table |
/// | 48 | 4 | MEMBERS | entries of the member table, 1 to 16 |
/// | 52 | 4 | FORMATTED | 0: new, the guest makes a file system; 1: it holds one |
/// | 56 | 8 | SIZE_BLOCKS | whole disk |
/// | 64 | 8 | DATA_START | first block of the data area |
/// | 72 | 8 | DATA_BLOCKS | blocks of the data area that the group uses |
/// | 80 | 8 | GENERATION | moves on whenever the group's members change |
/// | 88 | 8 | GENERATION_ID | random, of this generation |
/// | 96 | 8 | PREDECESSOR_ID | random id of the generation before |
/// | 104 | 8 | INCARNATION | who wrote the label |
/// | 112 | 144 | - | zero |
/// | 256 | 256 | MEMBER_TABLE | 16 disk ids of two longs |
/// | 512 | 64 | MEMBER_STATES | 16 ints: 0 none, 1 in sync, 2 missing |
/// | 576 | 3516 | - | zero |
/// | 4092 | 4 | CRC | CRC32C of everything before |
public final class LabelLayout {
    private LabelLayout() {}

    public static final long MAGIC_VALUE = 0x4C44_4854_5241_4548L;
    /// 1: first version.
    public static final int VERSION_VALUE = 1;
    public static final int MEMBERS_MAX = 16;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int RAID_TYPE_OFFSET = VERSION_OFFSET + Integer.BYTES;
    public static final int DISK_ID_HIGH_OFFSET = RAID_TYPE_OFFSET + Integer.BYTES;
    public static final int DISK_ID_LOW_OFFSET = DISK_ID_HIGH_OFFSET + Long.BYTES;
    public static final int AGGREGATE_ID_OFFSET = DISK_ID_LOW_OFFSET + Long.BYTES;
    public static final int RAID_GROUP_OFFSET = AGGREGATE_ID_OFFSET + Long.BYTES;
    public static final int POSITION_OFFSET = RAID_GROUP_OFFSET + Integer.BYTES;
    public static final int MEMBERS_OFFSET = POSITION_OFFSET + Integer.BYTES;
    public static final int FORMATTED_OFFSET = MEMBERS_OFFSET + Integer.BYTES;
    public static final int SIZE_BLOCKS_OFFSET = FORMATTED_OFFSET + Integer.BYTES;
    public static final int DATA_START_OFFSET = SIZE_BLOCKS_OFFSET + Long.BYTES;
    public static final int DATA_BLOCKS_OFFSET = DATA_START_OFFSET + Long.BYTES;
    public static final int GENERATION_OFFSET = DATA_BLOCKS_OFFSET + Long.BYTES;
    public static final int GENERATION_ID_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int PREDECESSOR_ID_OFFSET = GENERATION_ID_OFFSET + Long.BYTES;
    public static final int INCARNATION_OFFSET = PREDECESSOR_ID_OFFSET + Long.BYTES;
    public static final int MEMBER_TABLE_OFFSET = INCARNATION_OFFSET + Long.BYTES + 144;
    public static final int MEMBER_TABLE_SIZE = MEMBERS_MAX * 2 * Long.BYTES;
    public static final int MEMBER_STATES_OFFSET = MEMBER_TABLE_OFFSET + MEMBER_TABLE_SIZE;
    public static final int MEMBER_STATES_SIZE = MEMBERS_MAX * Integer.BYTES;
    public static final int CRC_OFFSET = MEMBER_STATES_OFFSET + MEMBER_STATES_SIZE + 3516;
    public static final int SIZE = Units.BLOCK_SIZE;
}
