package hearth.memory.ring;

/// The memory file that a request's bytes are in; the ordinal stands in ring entries.
public enum TransferFile {
    /// Staging slots, for reads and writes.
    RINGS,
    /// Cache frames, for reads and writes.
    CACHE,
    /// Log payloads, for writes only.
    GUEST
}
