package hearth.memory.cache;

import hearth.base.Units;

/// Header page of the cache, after the file's own header page.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | MAGIC | "HEARTHBC" |
/// | 8 | 4 | VERSION | of the cache's layouts |
/// | 12 | 4 | WAYS | 16 |
/// | 16 | 8 | SETS | number of sets |
/// | 24 | 8 | FRAMES | offset of frame 0 in the file, a multiple of 2 MiB |
/// | 32 | 4 | EPOCH | frames of another cache epoch are empty; dropping the cache is epoch + 1 |
/// | 36 | 4060 | - | zero |
public final class CacheLayout {
    private CacheLayout() {}

    public static final long MAGIC_VALUE = 0x4342_4854_5241_4548L;
    /// 1: first version.
    public static final int VERSION_VALUE = 1;
    public static final int WAYS_VALUE = 16;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int WAYS_OFFSET = VERSION_OFFSET + Integer.BYTES;
    public static final int SETS_OFFSET = WAYS_OFFSET + Integer.BYTES;
    public static final int FRAMES_OFFSET = SETS_OFFSET + Long.BYTES;
    public static final int EPOCH_OFFSET = FRAMES_OFFSET + Long.BYTES;

    /// The page that it has to itself.
    public static final int SIZE = Units.BLOCK_SIZE;
}
