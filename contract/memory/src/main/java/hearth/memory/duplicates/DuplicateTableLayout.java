package hearth.memory.duplicates;

import hearth.base.Check;
import hearth.memory.log.RecordLayout;

/// One entry of the duplicate-request table; the table is an array of them, eight to a set, without a header. An entry
/// full of zeros is empty. The seed is the region instance. Version history: 1, the first.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | GENERATION | ± writes of this entry: negative while written, positive as the last store; 0 empty |
/// | 8 | 8 | LSN | of the record that held the answer |
/// | 16 | 8 | CLIENT_HIGH | client address, first 8 bytes (IPv4 mapped into IPv6) |
/// | 24 | 8 | CLIENT_LOW | client address, last 8 bytes |
/// | 32 | 8 | CALL_CHECKSUM | of the call's arguments |
/// | 40 | 4 | XID | of the call |
/// | 44 | 4 | ADDRESS_LENGTH | 4 or 16 |
/// | 48 | 4 | REPLY_LENGTH | bytes |
/// | 52 | 4 | CRC | CRC32C over the seed and the entry up to the reply's end, without GENERATION and CRC |
/// | 56 | 72 | - | zero |
/// | 128 | 512 | REPLY | the first answer |
public final class DuplicateTableLayout {
    private DuplicateTableLayout() {}

    public static final int GENERATION_OFFSET = 0;
    public static final int LSN_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int CLIENT_HIGH_OFFSET = LSN_OFFSET + Long.BYTES;
    public static final int CLIENT_LOW_OFFSET = CLIENT_HIGH_OFFSET + Long.BYTES;
    public static final int CALL_CHECKSUM_OFFSET = CLIENT_LOW_OFFSET + Long.BYTES;
    public static final int XID_OFFSET = CALL_CHECKSUM_OFFSET + Long.BYTES;
    public static final int ADDRESS_LENGTH_OFFSET = XID_OFFSET + Integer.BYTES;
    public static final int REPLY_LENGTH_OFFSET = ADDRESS_LENGTH_OFFSET + Integer.BYTES;
    public static final int CRC_OFFSET = REPLY_LENGTH_OFFSET + Integer.BYTES;
    public static final int REPLY_OFFSET = 128;
    public static final int SIZE = REPLY_OFFSET + RecordLayout.REPLY_BYTES_MAX;

    /// Entries of one set.
    public static final int WAYS = 8;

    /// Bytes of a table of `entries`, a multiple of eight.
    public static long sizeBytes(long entries) {
        Check.that(entries >= WAYS && entries % WAYS == 0, "entries are not whole sets", entries);
        return entries * SIZE;
    }
}
