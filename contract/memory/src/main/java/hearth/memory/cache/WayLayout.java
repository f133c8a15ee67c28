package hearth.memory.cache;

/// One way of a set: which block its frame holds.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | VBN | block number in the aggregate |
/// | 8 | 8 | AGGREGATE | aggregate id |
/// | 16 | 8 | GENERATION | positive: whole; else empty or being filled; fill count << 24 + cache epoch |
/// | 24 | 4 | VERIFIED_BY | incarnation that checked the frame's bytes, or fills it; 0 nobody |
/// | 28 | 4 | CRC | CRC32C that the bytes had when the frame was filled |
public final class WayLayout {
    private WayLayout() {}

    public static final int VBN_OFFSET = 0;
    public static final int AGGREGATE_OFFSET = VBN_OFFSET + Long.BYTES;
    public static final int GENERATION_OFFSET = AGGREGATE_OFFSET + Long.BYTES;
    public static final int VERIFIED_BY_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int CRC_OFFSET = VERIFIED_BY_OFFSET + Integer.BYTES;
    public static final int SIZE = CRC_OFFSET + Integer.BYTES;
}
