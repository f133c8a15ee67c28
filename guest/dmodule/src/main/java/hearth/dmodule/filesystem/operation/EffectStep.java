package hearth.dmodule.filesystem.operation;

import hearth.cf.FileType;
import hearth.cf.Name;

/// One result within an effect. Applied in order; each depends only on the state before it.
sealed interface EffectStep {
    /// The inode's number is taken.
    record Take(long ino, int generation) implements EffectStep {}

    /// All attributes of an inode, as they are from now on.
    record SetInode(long ino, InodeFields fields) implements EffectStep {}

    /// The inode's last name is gone.
    record Free(long ino) implements EffectStep {}

    /// A name is new in a directory.
    record AddName(long directory, Name name, long cookie, long ino, FileType type) implements EffectStep {}

    /// A name stands for another inode.
    record ReplaceName(long directory, Name name, long cookie, long ino, FileType type) implements EffectStep {}

    /// A name is gone.
    record RemoveName(long directory, Name name, long cookie) implements EffectStep {}

    /// Whole blocks of a file: the record's payload blocks in order from `payloadBlock`, with their checksums.
    record Data(long ino, long firstBlock, int payloadBlock, int[] crcs) implements EffectStep {}

    /// A file's blocks from `sizeBlocks` on are gone.
    record Cut(long ino, long sizeBlocks) implements EffectStep {}

    /// A symbolic link's text.
    record Target(long ino, byte[] text) implements EffectStep {}
}
