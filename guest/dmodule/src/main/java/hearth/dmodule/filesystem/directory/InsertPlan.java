package hearth.dmodule.filesystem.directory;

/// What inserting a name would do.
public sealed interface InsertPlan {
    /// The name is free. `blocksMax` bounds the blocks that the insertion makes dirty, new ones among them.
    record Free(long cookie, int blocksMax) implements InsertPlan {}

    /// The name is there.
    record Taken(DirectoryEntry entry) implements InsertPlan {}

    /// The directory cannot take this name: too many names of its hash, or the tree at its greatest height.
    record Full() implements InsertPlan {}
}
