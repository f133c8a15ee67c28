package hearth.checkpoint;

/// Parts of the configuration, in the order in which a boot discovers them. The ordinal is the section's number in the
/// region's counters, in ring entries and in the checkpoint: append only.
public enum Section {
    DEVICES,
    RAID,
    VOLUMES,
    CONTAINERS,
    NETWORK,
    CLUSTER
}
