package hearth.dmodule.filesystem.core;

/// How much of the heap dirty state takes: counts, with the bounds that force a consistency point or make new
/// mutations wait. Counted under the lock's exclusive side, read by anyone.
public final class HeapPressure {
    /// Bounds of what changed since the last freeze.
    ///
    /// @param metaBlocksSoft dirty metadata blocks that call for a consistency point
    /// @param metaBlocksMax at which mutations wait
    /// @param inodesSoft dirty inodes that call for a consistency point
    /// @param inodesMax at which mutations wait
    public record Limits(int metaBlocksSoft, int metaBlocksMax, int inodesSoft, int inodesMax) {
        /// Fit a heap of 128 MiB: 16 MiB of dirty blocks at most, and as many frozen.
        public static final Limits DEFAULT = new Limits(2048, 4096, 8192, 16384);
    }

    private final Limits limits;
    private volatile int metaBlocks;
    private volatile int inodes;

    HeapPressure(Limits limits) {
        this.limits = limits;
    }

    /// A consistency point should start soon.
    public boolean high() {
        return metaBlocks >= limits.metaBlocksSoft || inodes >= limits.inodesSoft;
    }

    /// Nothing may be added until one has frozen what is here.
    public boolean full() {
        return metaBlocks >= limits.metaBlocksMax || inodes >= limits.inodesMax;
    }

    public int metaBlocks() {
        return metaBlocks;
    }

    public int inodes() {
        return inodes;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer: who holds the exclusive lock
    void addMeta(int count) {
        metaBlocks += count;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer: who holds the exclusive lock
    void addInode() {
        inodes++;
    }

    void freeze() {
        metaBlocks = 0;
        inodes = 0;
    }
}
