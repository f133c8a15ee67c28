package hearth.memory.log;

import hearth.base.Units;

/// The log area: one header page, then two halves of equal size. Little-endian. Version history: 1, the
/// first; 2, WANTED_LSN.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | MAGIC | "HEARTHLG" |
/// | 8 | 4 | VERSION | of this layout and of the records |
/// | 12 | 4 | - | zero |
/// | 16 | 8 | HALF_BYTES | size of one half |
/// | 24 | 8 | SEED | the region instance, part of every CRC |
/// | 32 | 32 | - | zero |
/// | 64 | 8 | ACTIVE_HALF | 0 or 1; the guest appends there |
/// | 72 | 56 | - | zero |
/// | 128 | 8 | COMMITTED_LSN | the contiguous committed position; release, after the record's commit word |
/// | 136 | 56 | - | zero |
/// | 192 | 8 | DURABLE_LSN | the last LSN that a durable consistency point includes |
/// | 200 | 56 | - | zero |
/// | 256 | 4 | BELL | sequence word of the doorbell to the flusher, whose waiter word is in `control` |
/// | 260 | 60 | - | zero |
/// | 320 | 64 | HALF_0 | half header: HalfLayout |
/// | 384 | 64 | HALF_1 | half header: HalfLayout |
/// | 448 | 8 | WANTED_LSN | the guest waits for this position to be flushed; only what is wanted need be |
/// | 456 | 56 | - | zero |
public final class LogLayout {
    private LogLayout() {}

    public static final long MAGIC = 0x474C_4854_5241_4548L;
    public static final int VERSION = 2;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int HALF_BYTES_OFFSET = VERSION_OFFSET + Long.BYTES;
    public static final int SEED_OFFSET = HALF_BYTES_OFFSET + Long.BYTES;
    public static final int ACTIVE_HALF_OFFSET = 64;
    public static final int COMMITTED_LSN_OFFSET = ACTIVE_HALF_OFFSET + 64;
    public static final int DURABLE_LSN_OFFSET = COMMITTED_LSN_OFFSET + 64;
    public static final int BELL_OFFSET = DURABLE_LSN_OFFSET + 64;
    public static final int HALF_0_OFFSET = BELL_OFFSET + 64;
    public static final int HALF_1_OFFSET = HALF_0_OFFSET + HalfLayout.SIZE;
    public static final int WANTED_LSN_OFFSET = HALF_1_OFFSET + HalfLayout.SIZE;

    /// Bytes before the first half.
    public static final int HEADER_BYTES = Units.BLOCK_SIZE;

    /// Bytes of the whole area for halves of `halfBytes`.
    public static long areaBytes(long halfBytes) {
        return HEADER_BYTES + 2 * halfBytes;
    }
}
