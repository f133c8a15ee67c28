package hearth.dmodule.filesystem.core;

import hearth.cf.FileType;
import hearth.dmodule.filesystem.tree.FileTree;

/// A file as the heap holds it. Attributes are plain fields: read under the lock's shared side, changed under its
/// exclusive side followed by `FsState.dirty`. The tree is that of the last consistency point and
/// changes only when the next one publishes.
public final class Inode {
    /// No target.
    static final byte[] NOTHING = {};

    public final int volumeId;
    public final long number;

    public FileType type = FileType.REGULAR;
    /// Low 12 bits: permissions, setuid, setgid, sticky.
    public int mode;
    /// A directory counts "." and its subdirectories' "..".
    public int linkCount;
    public int uid;
    public int gid;
    public int generation;
    /// Bytes; of a directory as its format says.
    public long sizeBytes;
    public long accessTimeNs;
    public long modifyTimeNs;
    public long changeTimeNs;
    public long birthTimeNs;
    /// +1 at each change of data or attributes.
    public long changeCounter;
    /// A directory's parent, a device's `major << 32 | minor`, or else the verifier of an exclusive create.
    public long parentOrDevice;
    /// For the owner of the type's format: the directory index keeps its state here.
    public long privateWord;
    /// Target of a symbolic link of at most `InodeLayout.AREA_SIZE` bytes; empty otherwise. Replaced, never changed.
    public byte[] inlineTarget = NOTHING;

    /// As the last consistency point left it. Replaced at publication, never changed.
    FileTree tree = FileTree.EMPTY;

    /// The inode's number is free again; the object lives until a consistency point has written that.
    boolean freed;
    /// Changed since the last freeze.
    boolean dirty;
    /// A consistency point is writing its attributes.
    boolean beingWritten;
    /// Read recently: second chance against eviction.
    volatile boolean recent;
    /// What changed since the last freeze, and what the running consistency point is writing.
    DirtyFile current = DirtyFile.CLEAN;
    DirtyFile frozen = DirtyFile.CLEAN;

    Inode(int volumeId, long number) {
        this.volumeId = volumeId;
        this.number = number;
    }

    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    /// Blocks to report: those on disk and those still in the log or the heap. An estimate until the next
    /// consistency point: an overwritten block counts twice.
    public long usedBlocksNow() {
        return tree.usedBlocks() + current.blocks() + frozen.blocks();
    }

    /// Blocks on disk as of the last consistency point.
    public long usedBlocks() {
        return tree.usedBlocks();
    }

    /// The tree on disk as of the last consistency point.
    public FileTree tree() {
        return tree;
    }

    /// The most indirect levels that the next consistency point may find: one that is running may be raising the tree.
    int heightMax() {
        return Math.max(tree.height(), frozen.chargedHeight());
    }

    /// Back to a fresh inode, but for what still has to be written of the old one.
    void reset() {
        type = FileType.REGULAR;
        mode = 0;
        linkCount = 0;
        uid = 0;
        gid = 0;
        sizeBytes = 0;
        accessTimeNs = 0;
        modifyTimeNs = 0;
        changeTimeNs = 0;
        birthTimeNs = 0;
        changeCounter = 0;
        parentOrDevice = 0;
        privateWord = 0;
        inlineTarget = NOTHING;
        freed = false;
    }

    /// Whether something of it still has to be written.
    boolean isClean() {
        return !dirty && !beingWritten && current == DirtyFile.CLEAN && frozen == DirtyFile.CLEAN;
    }
}
