package hearth.memory.log;

/// One record: header, body (reply, then effect), padding, payload, padding; at a position that is a multiple of 64.
/// The CRC covers the region's seed, LSN and incarnation, then header and body without COMMIT, CRC and ATTEMPTS.
/// The payload is covered by the CRCs of its blocks, which the effect carries.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | COMMIT | 0 while written, the LSN when committed; last store of the record |
/// | 8 | 8 | LSN | log sequence number |
/// | 16 | 4 | LENGTH | of the whole record, multiple of 64 |
/// | 20 | 4 | CRC | CRC32C, see above |
/// | 24 | 8 | INCARNATION | that wrote it |
/// | 32 | 8 | CP_GENERATION | of the half |
/// | 40 | 2 | TYPE | the D-module's |
/// | 42 | 2 | FLAGS | the D-module's |
/// | 44 | 4 | ATTEMPTS | deaths while it was run again; outside the CRC |
/// | 48 | 4 | BODY_LENGTH | reply and effect |
/// | 52 | 4 | PAYLOAD_OFFSET | from the record's start, multiple of 64 |
/// | 56 | 4 | PAYLOAD_LENGTH | bytes, 0 for none |
/// | 60 | 2 | REPLY_LENGTH | the first bytes of the body |
/// | 62 | 2 | ADDRESS_LENGTH | 0 no client, 4 or 16 |
/// | 64 | 8 | CLIENT_HIGH | client address, first 8 bytes (IPv4 mapped into IPv6) |
/// | 72 | 8 | CLIENT_LOW | client address, last 8 bytes |
/// | 80 | 8 | CALL_CHECKSUM | of the call's arguments |
/// | 88 | 4 | XID | of the call |
/// | 92 | 36 | - | zero, inside the CRC |
public final class RecordLayout {
    private RecordLayout() {}

    public static final int COMMIT_OFFSET = 0;
    public static final int LSN_OFFSET = COMMIT_OFFSET + Long.BYTES;
    public static final int LENGTH_OFFSET = LSN_OFFSET + Long.BYTES;
    public static final int CRC_OFFSET = LENGTH_OFFSET + Integer.BYTES;
    public static final int INCARNATION_OFFSET = CRC_OFFSET + Integer.BYTES;
    public static final int CP_GENERATION_OFFSET = INCARNATION_OFFSET + Long.BYTES;
    public static final int TYPE_OFFSET = CP_GENERATION_OFFSET + Long.BYTES;
    public static final int FLAGS_OFFSET = TYPE_OFFSET + Short.BYTES;
    public static final int ATTEMPTS_OFFSET = FLAGS_OFFSET + Short.BYTES;
    public static final int BODY_LENGTH_OFFSET = ATTEMPTS_OFFSET + Integer.BYTES;
    public static final int PAYLOAD_OFFSET_OFFSET = BODY_LENGTH_OFFSET + Integer.BYTES;
    public static final int PAYLOAD_LENGTH_OFFSET = PAYLOAD_OFFSET_OFFSET + Integer.BYTES;
    public static final int REPLY_LENGTH_OFFSET = PAYLOAD_LENGTH_OFFSET + Integer.BYTES;
    public static final int ADDRESS_LENGTH_OFFSET = REPLY_LENGTH_OFFSET + Short.BYTES;
    public static final int CLIENT_HIGH_OFFSET = ADDRESS_LENGTH_OFFSET + Short.BYTES;
    public static final int CLIENT_LOW_OFFSET = CLIENT_HIGH_OFFSET + Long.BYTES;
    public static final int CALL_CHECKSUM_OFFSET = CLIENT_LOW_OFFSET + Long.BYTES;
    public static final int XID_OFFSET = CALL_CHECKSUM_OFFSET + Long.BYTES;

    public static final int HEADER_BYTES = 128;
    public static final int ALIGNMENT = 64;
    public static final int REPLY_BYTES_MAX = 512;
    public static final int BODY_BYTES_MAX = 1 << 16;
    public static final int PAYLOAD_BYTES_MAX = 1 << 21;

    /// The longest record there can be; a reader's buffer of this size takes any.
    public static final int RECORD_BYTES_MAX = HEADER_BYTES + BODY_BYTES_MAX + PAYLOAD_BYTES_MAX;
}
