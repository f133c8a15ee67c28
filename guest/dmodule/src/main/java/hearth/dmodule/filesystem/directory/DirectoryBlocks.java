package hearth.dmodule.filesystem.directory;

import hearth.dmodule.filesystem.core.MissingBlock;

/// The blocks of one directory file, numbered from 0.
public interface DirectoryBlocks {
    /// The bytes of block `block`, 4096 of them; the caller does not change them and does not keep them.
    byte[] read(long block) throws MissingBlock;

    /// The same, to be changed in place. A block at or above `blocks()` is new, filled with zeros, and raises
    /// `blocks()` above itself.
    byte[] change(long block) throws MissingBlock;

    /// Blocks that the file has: the high-water mark, which never sinks while the directory lives.
    long blocks();
}
