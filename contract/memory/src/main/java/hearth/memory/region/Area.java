package hearth.memory.region;

/// Areas of the `guest` file in their order; sizes come from the geometry. A class that owns an area takes its slice.
public enum Area {
    /// One page of progress, boot stages and named counters: `HeartbeatPage`.
    HEARTBEAT,
    /// The guest's configuration counters: `SectionCounters`.
    GUEST_COUNTERS,
    /// Two slots written in turn: `CheckpointSlots`.
    CHECKPOINT,
    /// Committed fsinfo, twice, and the intent: `RootRecord`.
    ROOT,
    /// What the write verifier is made of: `VerifierWords`.
    VERIFIER,
    /// One page of words and two halves of records.
    LOG,
    /// Dirty index of the log's half 0: one page of words and its table.
    INDEX_0,
    /// The same of half 1.
    INDEX_1,
    /// Duplicate-request table: one page of words and its entries.
    DUPLICATES,
    /// Reserved for protocol state of connections and sessions; all zero.
    SESSION
}
