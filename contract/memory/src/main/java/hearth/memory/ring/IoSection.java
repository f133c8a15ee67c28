package hearth.memory.ring;

/// What a disk request is for, so that both sides can count probes alike; the ordinal stands in ring entries. The
/// first six are the checkpoint's sections in their order.
public enum IoSection {
    DEVICES,
    RAID,
    VOLUMES,
    CONTAINERS,
    NETWORK,
    CLUSTER,
    /// Reads that replaying the log needs before the guest listens.
    REPLAY,
    /// Everything after the guest listens.
    NORMAL
}
