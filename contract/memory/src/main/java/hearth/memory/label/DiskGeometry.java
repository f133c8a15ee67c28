package hearth.memory.label;

/// Fixed places of every disk, in blocks of 4 KiB (dbn).
///
/// | BLOCKS | WHAT |
/// |---|---|
/// | 0 | front label |
/// | 1 – 7 | zero |
/// | 8 – 71 | reserved for the boot checkpoint |
/// | 72 – 135 | reserved for the dirty-region map |
/// | 136, 137 | fsinfo, slot by the parity of its generation |
/// | 138 – 255 | zero |
/// | 256 – | data; in a mirror vbn n is dbn 256 + n |
/// | last | back label |
public final class DiskGeometry {
    private DiskGeometry() {}

    public static final long FRONT_LABEL_DBN = 0;
    public static final long CHECKPOINT_DBN = 8;
    public static final long CHECKPOINT_BLOCKS = 64;
    public static final long DIRTY_REGION_DBN = CHECKPOINT_DBN + CHECKPOINT_BLOCKS;
    public static final long DIRTY_REGION_BLOCKS = 64;
    public static final long FSINFO_0_DBN = DIRTY_REGION_DBN + DIRTY_REGION_BLOCKS;
    public static final long FSINFO_1_DBN = FSINFO_0_DBN + 1;
    public static final long DATA_START_DBN = 256;

    /// Smallest disk that makes sense: 16 MiB.
    public static final long BLOCKS_MIN = 4096;

    public static long backLabelDbn(long sizeBlocks) {
        return sizeBlocks - 1;
    }

    /// Blocks between the data area's start and the back label.
    public static long dataBlocks(long sizeBlocks) {
        return sizeBlocks - 1 - DATA_START_DBN;
    }

    /// Where the fsinfo of a generation stands.
    public static long fsinfoDbn(long generation) {
        return FSINFO_0_DBN + (generation & 1);
    }
}
