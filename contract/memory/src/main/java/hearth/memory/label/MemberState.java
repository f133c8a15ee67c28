package hearth.memory.label;

/// What a label's writer knew of a member; the ordinal + 1 stands in labels.
public enum MemberState {
    /// Holds everything that was acknowledged.
    IN_SYNC,
    /// Was left behind: its bytes are stale and are neither read nor written.
    MISSING
}
