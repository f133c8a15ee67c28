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
    private final VolumeConfig config;
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

    /// Name and export.
    public VolumeConfig config() {
        return config;
    }

    /// The root directory's inode number.
    public long rootInode() {
        return InodeLayout.ROOT_INODE;
    }

    /// Blocks used on disk as of the last consistency point.
    public long usedBlocks() {
        return usedBlocks;
    }
}
