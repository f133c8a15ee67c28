package hearth.memory.region;

import hearth.base.Units;

/// Blocks promised to the records of each log half, so that a successor never meets a full disk in replay. Indexed by
/// half, so nothing has to move when the halves change their parts.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | GENERATION_0 | generation of log half 0 that the blocks are for |
/// | 8 | 8 | BLOCKS_0 | blocks reserved for its records |
/// | 16 | 48 | - | zero |
/// | 64 | 8 | GENERATION_1 | the same of half 1 |
/// | 72 | 8 | BLOCKS_1 | the same of half 1 |
/// | 80 | 4016 | - | zero |
public final class ReservationLayout {
    private ReservationLayout() {}

    public static final int GENERATION_0_OFFSET = 0;
    public static final int BLOCKS_0_OFFSET = GENERATION_0_OFFSET + Long.BYTES;
    public static final int GENERATION_1_OFFSET = BLOCKS_0_OFFSET + Long.BYTES + 48;
    public static final int BLOCKS_1_OFFSET = GENERATION_1_OFFSET + Long.BYTES;

    /// The page that it has to itself.
    public static final int SIZE = Units.BLOCK_SIZE;
}
