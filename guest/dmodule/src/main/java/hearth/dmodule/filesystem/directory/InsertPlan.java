package hearth.dmodule.filesystem.directory;

/// What inserting a name would do.
public sealed interface InsertPlan {
    /// The name is free.
    ///
    /// @param cookie what the entry will get
    /// @param changedBlocks blocks that the insertion makes dirty, new ones among them
    /// @param blocksAfter the file's blocks then
    record Free(long cookie, int changedBlocks, long blocksAfter) implements InsertPlan {}

    /// The name is there.
    record Taken(DirectoryEntry entry) implements InsertPlan {}

    /// The directory cannot take this name: too many names of its hash, or the tree at its greatest height.
    record Full() implements InsertPlan {}
}
