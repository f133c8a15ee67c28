package hearth.checkpoint;

/// One section of a checkpoint: this header, then its bytes. Sections stand in the order of their numbers.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 4 | SECTION | its number |
/// | 4 | 4 | LENGTH | of the bytes behind this header |
/// | 8 | 4 | CRC | CRC32C over those bytes |
/// | 12 | 4 | - | zero |
/// | 16 | 8 | GENERATION | saves of this section |
/// | 24 | 8 | FINGERPRINT | of what was discovered |
/// | 32 | 8 | HOST_INSTANCE | region instance beside the host's counter |
/// | 40 | 8 | HOST_COUNTER | host's counter, read before the probe |
/// | 48 | 8 | GUEST_INSTANCE | region instance beside the guest's counter |
/// | 56 | 8 | GUEST_COUNTER | guest's counter, read before the probe |
public final class SectionLayout {
    private SectionLayout() {}

    public static final int SECTION_OFFSET = 0;
    public static final int LENGTH_OFFSET = SECTION_OFFSET + Integer.BYTES;
    public static final int CRC_OFFSET = LENGTH_OFFSET + Integer.BYTES;
    public static final int GENERATION_OFFSET = 16;
    public static final int FINGERPRINT_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int HOST_INSTANCE_OFFSET = FINGERPRINT_OFFSET + Long.BYTES;
    public static final int HOST_COUNTER_OFFSET = HOST_INSTANCE_OFFSET + Long.BYTES;
    public static final int GUEST_INSTANCE_OFFSET = HOST_COUNTER_OFFSET + Long.BYTES;
    public static final int GUEST_COUNTER_OFFSET = GUEST_INSTANCE_OFFSET + Long.BYTES;
    public static final int SIZE = GUEST_COUNTER_OFFSET + Long.BYTES;
}
