/// Directories: a directory is a file of blocks that form a B+ tree ordered by cookie, a number derived from the
/// name's hash that an entry keeps for life and that READDIR uses as its position.
///
/// Pure algorithm over `DirectoryBlocks`; owns no state and no thread. The file system calls it under its lock: with
/// the read side to look, with the write side to apply an effect. Nothing here writes to disk: changed blocks are
/// dirty metadata of the file system, which a consistency point writes and which replay of the log makes again,
/// bit for bit, because every function here is a function of the directory's blocks and its arguments alone.
///
/// Invariants:
/// - Names are unique; an entry's cookie is `(hash of its name, collision number)` and does not change while it lives.
/// - Every leaf but the root has an entry; every index block has a child. So a directory is empty exactly when it has
///   no block, or its root is a leaf without entries.
/// - All entries below an index block's child `i` have cookies in `[key i, key i+1)`; the first child also takes what
///   is lower, and its key is not looked at.
/// - Every block below the directory's high-water mark is the root, in the tree once, or in the free list once.
/// - `insert` and `remove` change only blocks that the functions planning them have read, and new ones.
package hearth.dmodule.filesystem.directory;
