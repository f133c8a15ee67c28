package hearth.dmodule.filesystem.core;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.TreeLayout;

/// What the aggregate can still promise. Nothing is allocated before a consistency point; instead every change is
/// charged here with the blocks that the next consistency point needs for it at most. `FsState` charges by itself when
/// an effect is applied (in replay too); a plan asks `fits` first, with the sum of its costs, under the same exclusive
/// lock, and answers NO_SPACE when it does not fit. Nothing has to be given back.
///
/// A plan that does not fit may fit after a consistency point, when estimates become facts and freed blocks become
/// free: `FileSystem.makeRoom` tries that before NO_SPACE is answered.
///
/// Under the `FsLock`. The totals die with the guest: replay charges what is in the log again, and asks for nothing.
public final class SpaceAccounting {
    /// What the blocks are for.
    public enum Use {
        /// Adds something: may not touch the safety reserve.
        GROW,
        /// Removes something (remove, truncate, rename over): may dip into the safety reserve, so that deleting is
        /// always possible.
        SHRINK
    }

    private long totalBlocks;
    private long freeBlocks;
    private long pendingBlocks;
    private long safetyBlocks;
    private long current;
    private long frozen;

    SpaceAccounting() {}

    /// Whether `blocks` more can be promised.
    public boolean fits(long blocks, Use use) {
        Check.that(blocks >= 0, "negative cost", blocks);
        return blocks <= freeBlocks - current - frozen - kept(use);
    }

    /// Whether consistency points might make them fit: if every freed block were free and no promise were needed.
    public boolean couldFit(long blocks, Use use) {
        return blocks <= freeBlocks + pendingBlocks - kept(use) && pendingBlocks + current + frozen > 0;
    }

    private long kept(Use use) {
        return use == Use.GROW ? safetyBlocks : safetyBlocks / 2;
    }

    /// Cost of `count` data blocks from `fbn`, as `putData` will charge it or more. Overwriting what is dirty already
    /// costs nothing.
    public long writeCost(Inode file, long fbn, long count) {
        return file.current.writeCost(file.heightMax(), fbn, count);
    }

    /// Cost of changing `count` metadata blocks anywhere below `fbnEnd`.
    public long metaCost(Inode file, long fbnEnd, int count) {
        return (long) count * (1 + worstHeight(file, fbnEnd)) + worstHeight(file, fbnEnd);
    }

    /// Cost of changing (or creating, or freeing) one inode, the inode map's share included.
    public long inodeCost(VolumeState volume, long ino) {
        return metaCost(volume.inodeFile, (ino >>> 4) + 1, 1) + metaCost(volume.inodeMap, (ino >>> 15) + 1, 1);
    }

    /// Cost of cutting a file: the indirect blocks along the cut.
    public long truncateCost(Inode file) {
        return cutCost(file);
    }

    static long cutCost(Inode file) {
        return file.heightMax();
    }

    private static long worstHeight(Inode file, long fbnEnd) {
        return Math.max(file.heightMax(), TreeLayout.heightFor(fbnEnd));
    }

    /// Blocks of the aggregate.
    public long totalBlocks() {
        return totalBlocks;
    }

    /// Blocks that a client may still fill.
    public long availableBlocks() {
        return Math.max(0, freeBlocks - current - frozen - safetyBlocks);
    }

    /// Blocks without content, promised ones and those not yet free for allocation included.
    public long freeBlocks() {
        return freeBlocks + pendingBlocks;
    }

    /// Freed blocks that become free for allocation within two consistency points.
    public long pendingBlocks() {
        return pendingBlocks;
    }

    /// Promised: charged since the last freeze, and charged by what a consistency point is writing.
    public long reservedBlocks() {
        return current + frozen;
    }

    void charge(long blocks) {
        current += blocks;
    }

    /// What was charged belongs to the consistency point that starts now.
    void freeze() {
        Check.that(frozen == 0, "two frozen sets", frozen);
        frozen = current;
        current = 0;
    }

    /// A consistency point has published (or a mount has found): facts replace the estimate.
    public void publish(long total, long free, long pending, long safety) {
        totalBlocks = total;
        freeBlocks = free;
        pendingBlocks = pending;
        safetyBlocks = safety;
        frozen = 0;
    }
}
