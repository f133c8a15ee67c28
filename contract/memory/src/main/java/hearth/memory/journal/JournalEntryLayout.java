package hearth.memory.journal;

/// One entry: a header of 64 bytes and a body; at a place and of a length that are multiples of 64, never across the
/// circle's end. The checksum covers the journal's id, then the header with CRC as zero, then the body.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 4 | MAGIC | "HJEN" |
/// | 4 | 4 | TYPE | what it is, see below |
/// | 8 | 8 | SEQUENCE | one more than that of the entry before it |
/// | 16 | 8 | DURABLE_SEQUENCE | entries up to this one were durable before this one was written |
/// | 24 | 4 | LENGTH | bytes to the next entry |
/// | 28 | 4 | BODY_LENGTH | bytes of the body, right behind the header |
/// | 32 | 4 | CRC | CRC32C, see above |
/// | 36 | 4 | SMALL | a word whose meaning the type gives |
/// | 40 | 8 | FIRST | a word whose meaning the type gives |
/// | 48 | 8 | SECOND | a word whose meaning the type gives |
/// | 56 | 8 | THIRD | a word whose meaning the type gives |
///
/// Types, and what their words mean; those not named are zero:
/// - 1 RECORD: FIRST the LSN, SECOND the region instance that seeds the record's CRC; the body is the log record as it
///   stood in the region
/// - 2 INCARNATION: FIRST the number up to which all are reserved, SECOND the region instance
/// - 3 ROOT: FIRST the committed fsinfo's generation, SECOND the last LSN that it includes, SMALL its CRC
/// - 4 LABEL: FIRST the label generation's number, SECOND its random id
/// - 5 TRIM: records up to the LSN in FIRST are not needed
/// - 6 PAD: the rest of the circle is skipped
public final class JournalEntryLayout {
    private JournalEntryLayout() {}

    public static final int MAGIC_VALUE = 0x4E45_4A48;

    public static final int MAGIC_OFFSET = 0;
    public static final int TYPE_OFFSET = MAGIC_OFFSET + Integer.BYTES;
    public static final int SEQUENCE_OFFSET = TYPE_OFFSET + Integer.BYTES;
    public static final int DURABLE_SEQUENCE_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
    public static final int LENGTH_OFFSET = DURABLE_SEQUENCE_OFFSET + Long.BYTES;
    public static final int BODY_LENGTH_OFFSET = LENGTH_OFFSET + Integer.BYTES;
    public static final int CRC_OFFSET = BODY_LENGTH_OFFSET + Integer.BYTES;
    public static final int SMALL_OFFSET = CRC_OFFSET + Integer.BYTES;
    public static final int FIRST_OFFSET = SMALL_OFFSET + Integer.BYTES;
    public static final int SECOND_OFFSET = FIRST_OFFSET + Long.BYTES;
    public static final int THIRD_OFFSET = SECOND_OFFSET + Long.BYTES;
    public static final int SIZE = THIRD_OFFSET + Long.BYTES;

    /// Entries begin at multiples of this.
    public static final int ALIGNMENT = 64;

    public static final int TYPE_RECORD = 1;
    public static final int TYPE_INCARNATION = 2;
    public static final int TYPE_ROOT = 3;
    public static final int TYPE_LABEL = 4;
    public static final int TYPE_TRIM = 5;
    public static final int TYPE_PAD = 6;
}
