package hearth.dmodule.filesystem.blockmap;

import hearth.dmodule.filesystem.format.Bytes;

import static hearth.base.Units.BLOCK_SIZE;
import static hearth.dmodule.filesystem.format.BlockMapLayout.PER_WORD;

/// Two-bit states in the words of one map block.
public final class MapWords {
    /// The lower bit of each of a word's states.
    static final long LOW_BITS = 0x5555_5555_5555_5555L;
    private static final int BITS = 2;

    private MapWords() {}

    /// State of the vbn at `index` within the block.
    public static int state(byte[] block, int index) {
        return (int) (Bytes.getLong(block, offset(index)) >>> shift(index)) & 3;
    }

    static void set(byte[] block, int index, int state) {
        long word = Bytes.getLong(block, offset(index)) & ~(3L << shift(index));
        Bytes.putLong(block, offset(index), word | (long) state << shift(index));
    }

    /// Index of the first FREE state from `from` on, or -1.
    static int firstFree(byte[] block, int from) {
        long mask = -1L << shift(from);
        for (int offset = offset(from); offset < BLOCK_SIZE; offset += Long.BYTES) {
            long found = free(Bytes.getLong(block, offset)) & mask;
            if (found != 0) {
                return offset / Long.BYTES * PER_WORD + Long.numberOfTrailingZeros(found) / BITS;
            }
            mask = -1L;
        }
        return -1;
    }

    /// FREE states among the first `count`.
    static int countFree(byte[] block, int count) {
        int sum = 0;
        for (int index = 0; index < count; index += PER_WORD) {
            long free = free(Bytes.getLong(block, offset(index)));
            int rest = count - index;
            sum += Long.bitCount(rest >= PER_WORD ? free : free & (1L << rest * BITS) - 1);
        }
        return sum;
    }

    /// The low bit of each state that is FREE.
    private static long free(long word) {
        return ~(word | word >>> 1) & LOW_BITS;
    }

    private static int offset(int index) {
        return index / PER_WORD * Long.BYTES;
    }

    private static int shift(int index) {
        return index % PER_WORD * BITS;
    }
}
