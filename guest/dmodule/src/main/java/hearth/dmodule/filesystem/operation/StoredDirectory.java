package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.io.UncheckedIOException;

import hearth.base.Check;
import hearth.base.Units;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.directory.Directory;
import hearth.dmodule.filesystem.directory.DirectoryBlocks;
import hearth.dmodule.filesystem.directory.NameHash;
import hearth.dmodule.filesystem.tree.BlockSource;
import hearth.dmodule.filesystem.tree.TreeReader;

/// A directory's blocks as the disks have them, for those who only look. What a disk fails to give is thrown unchecked.
public record StoredDirectory(Inode inode, BlockSource<IOException> source) implements DirectoryBlocks {
    public static Directory open(Inode inode, BlockSource<IOException> source) {
        return new Directory(new StoredDirectory(inode, source), NameHash.seed(inode.number, inode.generation));
    }

    @Override
    public byte[] read(long block) {
        try {
            var pointer = TreeReader.find(inode.tree(), block, source);
            return pointer.isHole() ? new byte[Units.BLOCK_SIZE] : source.block(pointer);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public byte[] change(long block) {
        throw Check.failed("a check changes nothing");
    }

    @Override
    public long blocks() {
        return inode.sizeBytes / Units.BLOCK_SIZE;
    }
}
