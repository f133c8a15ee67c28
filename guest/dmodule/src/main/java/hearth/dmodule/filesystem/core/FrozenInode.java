package hearth.dmodule.filesystem.core;

import hearth.base.Check;
import hearth.dmodule.filesystem.tree.FileTree;

/// A dirty inode as it was at a freeze: what a consistency point writes. Its inputs never change; the consistency
/// point's thread adds the outcome.
public final class FrozenInode {
    final Inode inode;
    private final byte[] image;
    private final FileTree tree;
    private final DirtyFile changes;
    private FileTree written = FileTree.EMPTY;
    private boolean finished;

    FrozenInode(Inode inode) {
        this.inode = inode;
        image = InodeCodec.attributes(inode);
        tree = inode.tree;
        changes = inode.current;
    }

    public long number() {
        return inode.number;
    }

    /// The tree on disk.
    public FileTree tree() {
        return tree;
    }

    /// What has to be written beside it.
    public DirtyFile changes() {
        return changes;
    }

    /// The consistency point has written this tree.
    public void finish(FileTree newTree) {
        written = newTree;
        InodeCodec.putTree(image, newTree);
        finished = true;
    }

    /// The inode's 256 bytes with the new tree in them.
    public byte[] image() {
        return image;
    }

    FileTree written() {
        Check.that(finished, "inode was not written", inode.number);
        return written;
    }
}
