package hearth.checkpoint;

/// A boot checkpoint as bytes: this header, then the sections ([SectionLayout]) one behind the other. Little-endian.
/// MAGIC, VERSION, LENGTH and CRC stay where they are in every version. Version history: 1, the first.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | MAGIC | "HEARTHCP" |
/// | 8 | 4 | VERSION | of this format |
/// | 12 | 4 | LENGTH | of the whole checkpoint |
/// | 16 | 4 | CRC | CRC32C over the whole checkpoint with this field as zero |
/// | 20 | 4 | SECTIONS | number of sections |
/// | 24 | 8 | REGION_INSTANCE | of the region in which it was made |
/// | 32 | 4 | DOMAIN_LENGTH | bytes of the domain's name |
/// | 36 | 28 | - | zero |
/// | 64 | 256 | DOMAIN | name of the domain, UTF-8 |
public final class CheckpointLayout {
    private CheckpointLayout() {}

    public static final long MAGIC = 0x5043_4854_5241_4548L;
    public static final int VERSION = 1;
    public static final int VERSION_OLDEST = 1;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int LENGTH_OFFSET = VERSION_OFFSET + Integer.BYTES;
    public static final int CRC_OFFSET = LENGTH_OFFSET + Integer.BYTES;
    public static final int SECTIONS_OFFSET = CRC_OFFSET + Integer.BYTES;
    public static final int REGION_INSTANCE_OFFSET = SECTIONS_OFFSET + Integer.BYTES;
    public static final int DOMAIN_LENGTH_OFFSET = REGION_INSTANCE_OFFSET + Long.BYTES;
    public static final int DOMAIN_OFFSET = 64;
    public static final int DOMAIN_BYTES_MAX = 256;
    public static final int SIZE = DOMAIN_OFFSET + DOMAIN_BYTES_MAX;
}
