package hearth.memory.region;

/// The four memory files of a region, in the order in which their descriptors travel.
public enum FileKind {
    /// Domain 0 writes, the guest reads.
    CONTROL,
    /// The guest writes; domain 0 reads with distrust and writes only while no guest runs.
    GUEST,
    /// Buffer cache: the guest writes; domain 0 only frame bytes between a read's submission and its completion.
    CACHE,
    /// Disk rings: both write, each word has one side.
    RINGS
}
