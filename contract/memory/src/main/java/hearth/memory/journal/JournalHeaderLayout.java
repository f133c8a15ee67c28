package hearth.memory.journal;

/// One header slot. The checksum covers the whole block with CRC as zero. Version history: 1, the first.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | MAGIC | "HEARTHJL" |
/// | 8 | 4 | VERSION | of header and entries |
/// | 12 | 4 | CRC | CRC32C of the block |
/// | 16 | 8 | GENERATION | counts header writes; the higher valid slot is the header |
/// | 24 | 8 | JOURNAL_ID_HIGH | random; part of every entry's checksum |
/// | 32 | 8 | JOURNAL_ID_LOW | random |
/// | 40 | 8 | AGGREGATE_ID | whose log this is |
/// | 48 | 8 | SIZE_BYTES | of the file, header slots and circle |
/// | 56 | 8 | TAIL_OFFSET | the oldest entry's place in the file |
/// | 64 | 8 | TAIL_SEQUENCE | its sequence number |
/// | 72 | 8 | TRIMMED_LSN | a durable consistency point includes all records up to this one |
/// | 80 | 8 | INCARNATIONS_RESERVED | numbers up to this one may have been used |
/// | 88 | 8 | REGION_INSTANCE | the last region that wrote here |
/// | 96 | 8 | ROOT_GENERATION | highest committed fsinfo known, 0 for none |
/// | 104 | 8 | ROOT_LAST_LSN | last LSN that it includes |
/// | 112 | 4 | ROOT_CRC | its checksum |
/// | 116 | 4 | DOMAIN_LENGTH | bytes of the domain's name |
/// | 120 | 8 | LABEL_NUMBER | highest label generation known, 0 for none |
/// | 128 | 8 | LABEL_ID | its random id |
/// | 136 | 64 | DOMAIN | the domain's name, UTF-8 |
/// | 200 | 3896 | - | zero |
public final class JournalHeaderLayout {
    private JournalHeaderLayout() {}

    public static final long MAGIC_VALUE = 0x4C4A_4854_5241_4548L;
    public static final int VERSION_VALUE = 1;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int CRC_OFFSET = VERSION_OFFSET + Integer.BYTES;
    public static final int GENERATION_OFFSET = CRC_OFFSET + Integer.BYTES;
    public static final int JOURNAL_ID_HIGH_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int JOURNAL_ID_LOW_OFFSET = JOURNAL_ID_HIGH_OFFSET + Long.BYTES;
    public static final int AGGREGATE_ID_OFFSET = JOURNAL_ID_LOW_OFFSET + Long.BYTES;
    public static final int SIZE_BYTES_OFFSET = AGGREGATE_ID_OFFSET + Long.BYTES;
    public static final int TAIL_OFFSET_OFFSET = SIZE_BYTES_OFFSET + Long.BYTES;
    public static final int TAIL_SEQUENCE_OFFSET = TAIL_OFFSET_OFFSET + Long.BYTES;
    public static final int TRIMMED_LSN_OFFSET = TAIL_SEQUENCE_OFFSET + Long.BYTES;
    public static final int INCARNATIONS_RESERVED_OFFSET = TRIMMED_LSN_OFFSET + Long.BYTES;
    public static final int REGION_INSTANCE_OFFSET = INCARNATIONS_RESERVED_OFFSET + Long.BYTES;
    public static final int ROOT_GENERATION_OFFSET = REGION_INSTANCE_OFFSET + Long.BYTES;
    public static final int ROOT_LAST_LSN_OFFSET = ROOT_GENERATION_OFFSET + Long.BYTES;
    public static final int ROOT_CRC_OFFSET = ROOT_LAST_LSN_OFFSET + Long.BYTES;
    public static final int DOMAIN_LENGTH_OFFSET = ROOT_CRC_OFFSET + Integer.BYTES;
    public static final int LABEL_NUMBER_OFFSET = DOMAIN_LENGTH_OFFSET + Integer.BYTES;
    public static final int LABEL_ID_OFFSET = LABEL_NUMBER_OFFSET + Long.BYTES;
    public static final int DOMAIN_OFFSET = LABEL_ID_OFFSET + Long.BYTES;
    public static final int DOMAIN_SIZE = 64;
    public static final int SIZE = 4096;
}
