package hearth.dmodule.filesystem.operation;

import hearth.base.Units;
import hearth.dmodule.filesystem.core.FsState;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.directory.Directory;
import hearth.dmodule.filesystem.directory.DirectoryBlocks;
import hearth.dmodule.filesystem.directory.NameHash;

/// A directory's blocks in the file system's state. Its size is always a whole number of blocks.
record DirectoryFile(FsState state, Inode inode) implements DirectoryBlocks {

    static Directory open(FsState state, Inode inode) {
        return new Directory(new DirectoryFile(state, inode), NameHash.seed(inode.number, inode.generation));
    }

    @Override
    public byte[] read(long block) throws MissingBlock {
        return state.readMeta(inode, block);
    }

    @Override
    public byte[] change(long block) throws MissingBlock {
        byte[] bytes = state.changeMeta(inode, block);
        if (block >= blocks()) {
            inode.sizeBytes = (block + 1) * Units.BLOCK_SIZE;
            state.dirty(inode);
        }
        return bytes;
    }

    @Override
    public long blocks() {
        return inode.sizeBytes / Units.BLOCK_SIZE;
    }
}
