package hearth.dmodule.nvlog;

import hearth.base.Check;
import hearth.base.Units;
import hearth.memory.log.RecordLayout;

/// A place in the log's payloads as one non-negative long: lap (30 bits), half, offset in the half in units of 64 bytes
/// (32 bits). Tells of itself when its half has been used again.
public final class PayloadRef {
    private static final int HALF_SHIFT = 32;
    private static final int GENERATION_SHIFT = 33;
    private static final long GENERATION_MASK = (1L << 30) - 1;
    private static final long OFFSET_MASK = (1L << HALF_SHIFT) - 1;
    private static final int UNITS_PER_BLOCK = Units.BLOCK_SIZE / RecordLayout.ALIGNMENT;

    private PayloadRef() {}

    static long of(int half, long halfGeneration, long offsetBytes) {
        Check.that(offsetBytes >= 0 && offsetBytes % RecordLayout.ALIGNMENT == 0, "payload offset", offsetBytes);
        long units = offsetBytes / RecordLayout.ALIGNMENT;
        Check.that(units <= OFFSET_MASK, "half is too large for a payload reference", offsetBytes);
        return (halfGeneration & GENERATION_MASK) << GENERATION_SHIFT | (long) half << HALF_SHIFT | units;
    }

    /// The reference to the 4 KiB block `block` of the payload that begins at `ref`.
    public static long block(long ref, int block) {
        return ref + (long) block * UNITS_PER_BLOCK;
    }

    public static int half(long ref) {
        return (int) (ref >>> HALF_SHIFT & 1);
    }

    static long offsetBytes(long ref) {
        return (ref & OFFSET_MASK) * RecordLayout.ALIGNMENT;
    }

    static boolean isOfLap(long ref, long halfGeneration) {
        return ref >>> GENERATION_SHIFT == (halfGeneration & GENERATION_MASK);
    }
}
