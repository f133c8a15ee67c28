package hearth.dmodule.filesystem.core;

import java.util.List;

import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeConfig;
import hearth.dmodule.filesystem.format.VolumeRecord;
import hearth.dmodule.filesystem.tree.FileTree;

/// What changed in one volume, as it was at a freeze.
public final class FrozenVolume {
    final VolumeState volume;
    private final List<FrozenInode> inodes;
    private final VolumeConfig config;
    private final boolean deleting;
    private final DirtyFile inodeMapChanges;
    private final long inodeMapSizeBytes;
    private FileTree inodeFile;
    private FileTree inodeMap;
    private long usedBlocks;

    FrozenVolume(VolumeState volume, List<FrozenInode> inodes) {
        this.volume = volume;
        this.inodes = inodes;
        config = volume.config();
        deleting = volume.isDeleting();
        inodeMapChanges = volume.inodeMap.current;
        inodeMapSizeBytes = volume.inodeMap.sizeBytes;
        inodeFile = volume.inodeFile.tree;
        inodeMap = volume.inodeMap.tree;
        usedBlocks = volume.usedBlocks;
    }

    public int id() {
        return volume.id();
    }

    public int slot() {
        return volume.slot();
    }

    /// Dirty inodes by ascending number, freed ones included.
    public List<FrozenInode> inodes() {
        return inodes;
    }

    public DirtyFile inodeMapChanges() {
        return inodeMapChanges;
    }

    /// The tree on disk; after `finish` the new one.
    public FileTree inodeFile() {
        return inodeFile;
    }

    public FileTree inodeMap() {
        return inodeMap;
    }

    public void finish(FileTree newInodeFile, FileTree newInodeMap) {
        usedBlocks += newInodeFile.usedBlocks() - inodeFile.usedBlocks()
                + newInodeMap.usedBlocks() - inodeMap.usedBlocks();
        for (FrozenInode inode : inodes) {
            usedBlocks += inode.written().usedBlocks() - inode.tree().usedBlocks();
        }
        inodeFile = newInodeFile;
        inodeMap = newInodeMap;
    }

    /// Whether its blocks are being freed; such a volume has no inodes here.
    public boolean isDeleting() {
        return deleting;
    }

    /// Whether nothing is left of one that is being deleted: it has no record any more.
    public boolean isGone() {
        return deleting && inodeFile.usedBlocks() == 0 && inodeMap.usedBlocks() == 0;
    }

    /// Blocks of the inode file, as far as inode numbers were given.
    public long inodeFileBlocks() {
        return inodeMapSizeBytes * Byte.SIZE / InodeLayout.PER_BLOCK;
    }

    /// Blocks of the inode file from here on were deleted before; a hint.
    public long deletedFrom() {
        return Math.min(volume.deletedFrom(), inodeFileBlocks());
    }

    /// A step of deleting has freed `released` blocks of files, and all of the inode file from `from` on.
    public void deleted(FileTree newInodeFile, FileTree newInodeMap, long released, long from) {
        usedBlocks -= released + inodeFile.usedBlocks() - newInodeFile.usedBlocks()
                + inodeMap.usedBlocks() - newInodeMap.usedBlocks();
        inodeFile = newInodeFile;
        inodeMap = newInodeMap;
        volume.deletedFrom(from);
    }

    /// Its blocks cannot be found any more; the next boot tries again.
    public void stuck(String why) {
        volume.stuck(why);
    }

    public boolean isStuck() {
        return !volume.stuckBecause().isEmpty();
    }

    long usedBlocks() {
        return usedBlocks;
    }

    /// The volume's record with the new trees.
    public VolumeRecord record() {
        long inodeFileBytes = inodeMapSizeBytes * Byte.SIZE * InodeLayout.SIZE;
        return new VolumeRecord(
                volume.id(),
                deleting,
                config,
                usedBlocks,
                InodeCodec.encodeFile(inodeFile, inodeFileBytes),
                InodeCodec.encodeFile(inodeMap, inodeMapSizeBytes));
    }
}
