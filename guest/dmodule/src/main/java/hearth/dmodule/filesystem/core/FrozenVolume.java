package hearth.dmodule.filesystem.core;

import java.util.List;

import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeRecord;
import hearth.dmodule.filesystem.tree.FileTree;

/// What changed in one volume, as it was at a freeze.
public final class FrozenVolume {
    final VolumeState volume;
    private final List<FrozenInode> inodes;
    private final DirtyFile inodeMapChanges;
    private final long inodeMapSizeBytes;
    private FileTree inodeFile;
    private FileTree inodeMap;
    private long usedBlocks;

    FrozenVolume(VolumeState volume, List<FrozenInode> inodes) {
        this.volume = volume;
        this.inodes = inodes;
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

    long usedBlocks() {
        return usedBlocks;
    }

    /// The volume's record with the new trees.
    public VolumeRecord record() {
        long inodeFileBytes = inodeMapSizeBytes * Byte.SIZE * InodeLayout.SIZE;
        return new VolumeRecord(
                volume.id(),
                volume.config(),
                usedBlocks,
                InodeCodec.encodeFile(inodeFile, inodeFileBytes),
                InodeCodec.encodeFile(inodeMap, inodeMapSizeBytes));
    }
}
