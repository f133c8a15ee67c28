package hearth.dmodule.filesystem;

/// What became of a mount.
public sealed interface MountResult {
    /// @param fileSystem its state is that of the root; the log's records after `fileSystem.lastLsn()` are still to be
    ///     applied
    record Mounted(FileSystem fileSystem) implements MountResult {}

    /// There is no root, or not the one that has to be there. Nothing was written.
    record Refused(String why) implements MountResult {}
}
