package hearth.dmodule.filesystem.format;

import hearth.base.Check;

import static hearth.dmodule.filesystem.format.Bytes.getLong;
import static hearth.dmodule.filesystem.format.Bytes.putLong;

/// Where a block is, when it was born and what its bytes must add up to. The tree checks itself by these: whoever
/// follows a pointer compares the CRC32C of what he read with `crc`.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |-------:|-----:|------|-------------|
/// | 0      | 6    | VBN  | block number in the aggregate, 48 bits; 0 is never allocated: the pointer is a hole |
/// | 6      | 6    | BIRTH | consistency point that wrote the block, 48 bits (8 900 years at one a millisecond) |
/// | 12     | 4    | CRC  | CRC32C of the block's 4096 bytes |
///
/// @param vbn 0 for a hole, else 1 ≤ vbn < 2^48
/// @param birth generation of the consistency point that wrote the block; 0 for a hole
public record BlockPointer(long vbn, long birth, int crc) {
    public static final int VBN_OFFSET = 0;
    public static final int BIRTH_OFFSET = VBN_OFFSET + 6;
    public static final int CRC_OFFSET = BIRTH_OFFSET + 6;
    /// Bytes of an encoded pointer.
    public static final int SIZE = CRC_OFFSET + Integer.BYTES;

    /// Reads as 4096 zero bytes.
    public static final BlockPointer HOLE = new BlockPointer(0, 0, 0);

    private static final long MASK_48 = (1L << 48) - 1;

    public BlockPointer {
        Check.that((vbn & ~MASK_48) == 0 && (birth & ~MASK_48) == 0, "vbn or birth exceeds 48 bits", vbn, birth);
    }

    // Written out, as the ones that a record gets by itself make classes when they are first called: a restart would
    // wait for them.
    @Override
    public boolean equals(Object other) {
        return other instanceof BlockPointer pointer
                && vbn == pointer.vbn
                && birth == pointer.birth
                && crc == pointer.crc;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(vbn) * 31 + crc;
    }

    public boolean isHole() {
        return vbn == 0;
    }

    /// The pointer encoded at `offset` of `bytes`.
    public static BlockPointer decode(byte[] bytes, int offset) {
        long low = getLong(bytes, offset);
        if ((low & MASK_48) == 0) {
            return HOLE;
        }
        long high = getLong(bytes, offset + Long.BYTES);
        return new BlockPointer(low & MASK_48, (low >>> 48) | (high & 0xffff_ffffL) << 16, (int) (high >>> 32));
    }

    /// Whether the pointer encoded at `offset` is a hole.
    public static boolean isHoleAt(byte[] bytes, int offset) {
        return (getLong(bytes, offset) & MASK_48) == 0;
    }

    /// Writes the pointer's 16 bytes at `offset` of `bytes`.
    public void encode(byte[] bytes, int offset) {
        putLong(bytes, offset, vbn | birth << 48);
        putLong(bytes, offset + Long.BYTES, birth >>> 16 | (long) crc << 32);
    }
}
