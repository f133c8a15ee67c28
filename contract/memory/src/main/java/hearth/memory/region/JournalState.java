package hearth.memory.region;

/// Whether the journal makes records durable.
public enum JournalState {
    /// The flusher flushes.
    OK,
    /// It cannot: what must be stable waits for a consistency point instead.
    DEGRADED
}
