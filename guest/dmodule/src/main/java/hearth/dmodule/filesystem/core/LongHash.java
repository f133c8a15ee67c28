package hearth.dmodule.filesystem.core;

/// Spreads block and inode numbers, which come in runs, over a table.
final class LongHash {
    private LongHash() {}

    static int mix(long key) {
        long mixed = key * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32);
    }
}
