package hearth.memory.region;

/// Header of a slot of bytes that is written in one piece or not at all. The bytes follow it.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | GENERATION | negative while written, positive as the last store, 0 empty |
/// | 8 | 8 | INSTANCE | the region's instance |
/// | 16 | 4 | LENGTH | bytes of the content |
/// | 20 | 4 | CRC | CRC32C of generation, instance, length and content |
/// | 24 | 40 | - | zero |
public final class CommitSlotLayout {
    private CommitSlotLayout() {}

    public static final int GENERATION_OFFSET = 0;
    public static final int INSTANCE_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int LENGTH_OFFSET = INSTANCE_OFFSET + Long.BYTES;
    public static final int CRC_OFFSET = LENGTH_OFFSET + Integer.BYTES;
    public static final int SIZE = CRC_OFFSET + Integer.BYTES + 40;
}
