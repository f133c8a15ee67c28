package hearth.base;

/// Sizes that every part of the machine agrees on.
public final class Units {
    private Units() {}

    /// Bytes of a file system block, of a disk block and of a cache frame.
    public static final int BLOCK_SIZE = 4096;

    public static final int KIB = 1 << 10;
    public static final int MIB = 1 << 20;
    public static final long GIB = 1L << 30;

    /// Bytes of a huge page on x86-64; region files are laid out and mapped in multiples of it.
    public static final int HUGE_PAGE_SIZE = 2 * MIB;

    /// Rounds `value` up to a multiple of `unit`, a power of two.
    public static long roundUp(long value, long unit) {
        Check.that(unit > 0 && (unit & (unit - 1)) == 0, "unit is not a power of two", unit);
        return (value + unit - 1) & -unit;
    }
}
