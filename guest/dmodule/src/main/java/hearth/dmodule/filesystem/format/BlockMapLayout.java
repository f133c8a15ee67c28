package hearth.dmodule.filesystem.format;

import hearth.base.Units;

/// The block map: a file of the aggregate with two bits for each vbn, 32 vbns to a little-endian 64-bit word, the
/// lowest vbn in the lowest bits. A hole of the file means: all free.
///
/// A block freed by consistency point n becomes `FREED_EVEN` or `FREED_ODD` by n's parity and is turned into `FREE` by
/// consistency point n + 2 at the earliest, which is the first that may allocate it again. So whatever root a mount
/// finds, the newest or the one before, its blocks are still there.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |-------:|-----:|------|-------------|
/// | 0 | 4096 | STATES | of 16384 vbns, two bits each |
public final class BlockMapLayout {
    public static final int STATES_OFFSET = 0;
    public static final int STATES_SIZE = Units.BLOCK_SIZE;

    public static final int FREE = 0;
    public static final int USED = 1;
    public static final int FREED_EVEN = 2;
    public static final int FREED_ODD = 3;

    /// vbns under one block of the map.
    public static final int PER_BLOCK = Units.BLOCK_SIZE * 4;
    /// vbns under one word.
    public static final int PER_WORD = 32;

    private BlockMapLayout() {}

    /// The state left by a consistency point that frees.
    public static int freedBy(long generation) {
        return (generation & 1) == 0 ? FREED_EVEN : FREED_ODD;
    }

    /// Blocks of the map of an aggregate with so many vbns.
    public static long blocksFor(long totalBlocks) {
        return (totalBlocks + PER_BLOCK - 1) / PER_BLOCK;
    }
}
