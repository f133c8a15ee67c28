package hearth.memory.region;

import hearth.base.Units;

/// First page of each of a region's files. Written by domain 0 before any guest sees the file, never again. The
/// checksum covers everything before it.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | MAGIC | "HEARTHRG" |
/// | 8 | 4 | VERSION | of all layouts in the region; history at the constant |
/// | 12 | 4 | KIND | ordinal of the file kind |
/// | 16 | 8 | INSTANCE | random, not zero: this region and no other |
/// | 24 | 8 | FILE_BYTES | size of this file |
/// | 32 | 8 | CACHE_BYTES | geometry |
/// | 40 | 8 | LOG_HALF_BYTES | geometry |
/// | 48 | 8 | STAGING_BYTES | geometry |
/// | 56 | 8 | SESSION_BYTES | geometry |
/// | 64 | 4 | DISKS_MAX | geometry |
/// | 68 | 4 | DUPLICATE_ENTRIES | geometry |
/// | 72 | 4 | INDEX_ENTRIES | geometry |
/// | 76 | 4 | RING_ENTRIES | geometry |
/// | 80 | 4 | CHECKPOINT_SLOT_BYTES | geometry |
/// | 84 | 40 | - | zero |
/// | 124 | 4 | DOMAIN_LENGTH | bytes of the domain's name |
/// | 128 | 64 | DOMAIN | the name in UTF-8 |
/// | 192 | 60 | - | zero |
/// | 252 | 4 | CRC | CRC32C of bytes 0 to 251 |
/// | 256 | 3840 | - | zero |
public final class FileHeaderLayout {
    private FileHeaderLayout() {}

    public static final long MAGIC_VALUE = 0x4752_4854_5241_4548L;
    /// 1: first version. 2: calls by procedure in the heartbeat page. 3: no area of promised space.
    public static final int VERSION_VALUE = 3;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int KIND_OFFSET = VERSION_OFFSET + Integer.BYTES;
    public static final int INSTANCE_OFFSET = KIND_OFFSET + Integer.BYTES;
    public static final int FILE_BYTES_OFFSET = INSTANCE_OFFSET + Long.BYTES;
    public static final int CACHE_BYTES_OFFSET = FILE_BYTES_OFFSET + Long.BYTES;
    public static final int LOG_HALF_BYTES_OFFSET = CACHE_BYTES_OFFSET + Long.BYTES;
    public static final int STAGING_BYTES_OFFSET = LOG_HALF_BYTES_OFFSET + Long.BYTES;
    public static final int SESSION_BYTES_OFFSET = STAGING_BYTES_OFFSET + Long.BYTES;
    public static final int DISKS_MAX_OFFSET = SESSION_BYTES_OFFSET + Long.BYTES;
    public static final int DUPLICATE_ENTRIES_OFFSET = DISKS_MAX_OFFSET + Integer.BYTES;
    public static final int INDEX_ENTRIES_OFFSET = DUPLICATE_ENTRIES_OFFSET + Integer.BYTES;
    public static final int RING_ENTRIES_OFFSET = INDEX_ENTRIES_OFFSET + Integer.BYTES;
    public static final int CHECKPOINT_SLOT_BYTES_OFFSET = RING_ENTRIES_OFFSET + Integer.BYTES;
    public static final int DOMAIN_LENGTH_OFFSET = CHECKPOINT_SLOT_BYTES_OFFSET + Integer.BYTES + 40;
    public static final int DOMAIN_OFFSET = DOMAIN_LENGTH_OFFSET + Integer.BYTES;
    public static final int DOMAIN_SIZE = 64;
    public static final int CRC_OFFSET = DOMAIN_OFFSET + DOMAIN_SIZE + 60;

    /// The page that the header has to itself.
    public static final int SIZE = Units.BLOCK_SIZE;
}
