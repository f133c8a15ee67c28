package hearth.dmodule.filesystem.core;

import java.util.ArrayList;
import java.util.List;

import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeConfig;

/// A mounted volume: its own space of inodes in the aggregate's one space of blocks.
public final class VolumeState {
    private final int id;
    /// Its place in the volume table.
    private final int slot;
    private VolumeConfig config;
    private boolean deleting;
    /// Its tree holds the inodes; it has no dirty blocks of its own: the dirty `Inode`s are.
    final Inode inodeFile;
    /// One bit per inode number, as dirty metadata blocks.
    final Inode inodeMap;
    /// Inodes in memory: all dirty and frozen ones, and a bounded number of clean ones.
    final InodeTable inodes = new InodeTable();
    /// Inodes changed since the last freeze.
    final List<Inode> dirtyInodes = new ArrayList<>();
    /// Where the search for a free number goes on; a hint, not kept.
    long nextInode = InodeLayout.ROOT_INODE;
    /// Blocks of all files of the volume, as of the last consistency point.
    long usedBlocks;
    /// Charged to it since the last freeze, and by what a consistency point is writing.
    private long charged;
    private long chargedFrozen;
    /// Where deleting goes on in the inode file, from its end; a hint, not kept. The consistency point's thread only.
    private long deletedFrom = Long.MAX_VALUE;
    private volatile String stuckBecause = "";

    VolumeState(int id, int slot, VolumeConfig config, Inode inodeFile, Inode inodeMap) {
        this.id = id;
        this.slot = slot;
        this.config = config;
        this.inodeFile = inodeFile;
        this.inodeMap = inodeMap;
    }

    public int id() {
        return id;
    }

    public int slot() {
        return slot;
    }

    /// Name, export and limit.
    public VolumeConfig config() {
        return config;
    }

    /// Under the exclusive lock; it counts on the disks from the next consistency point on.
    void config(VolumeConfig changed) {
        config = changed;
    }

    /// Whether nobody can reach it any more and its blocks are being freed.
    public boolean isDeleting() {
        return deleting;
    }

    /// What is dirty of it is not written any more.
    void beginDeleting() {
        deleting = true;
        inodes.clear();
        dirtyInodes.clear();
        inodeFile.current = DirtyFile.CLEAN;
        inodeMap.current = DirtyFile.CLEAN;
    }

    long deletedFrom() {
        return deletedFrom;
    }

    void deletedFrom(long block) {
        deletedFrom = block;
    }

    /// Why it cannot be deleted before the next boot tries again; empty while it can.
    public String stuckBecause() {
        return stuckBecause;
    }

    void stuck(String why) {
        stuckBecause = why;
    }

    /// The inode map: one bit for each inode number.
    public Inode inodeMap() {
        return inodeMap;
    }

    /// The root directory's inode number.
    public long rootInode() {
        return InodeLayout.ROOT_INODE;
    }

    /// Blocks used on disk as of the last consistency point.
    public long usedBlocks() {
        return usedBlocks;
    }

    /// What it will use at most once all that is promised is on the disks.
    public long promisedBlocks() {
        return usedBlocks + charged + chargedFrozen;
    }

    /// Blocks that it may still be promised; `Long.MAX_VALUE` for one without a limit, negative above the limit.
    public long roomBlocks() {
        return config.limitBlocks() == 0 ? Long.MAX_VALUE : config.limitBlocks() - promisedBlocks();
    }

    /// Whether a consistency point would make facts of estimates.
    public boolean isCharged() {
        return charged + chargedFrozen > 0;
    }

    void charge(long blocks) {
        charged += blocks;
    }

    void freezeCharges() {
        chargedFrozen = charged;
        charged = 0;
    }

    void publish(long blocks) {
        usedBlocks = blocks;
        chargedFrozen = 0;
    }
}
