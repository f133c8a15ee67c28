package hearth.memory.region;

/// Stages of a boot in their order; the ordinal is the index of the stamp. Append only.
public enum BootStage {
    SPAWNED,
    ATTACHED,
    PLANNED,
    DEVICES,
    RAID,
    VOLUMES,
    CONTAINERS,
    NETWORK,
    REPLAYED,
    LISTENING,
    FIRST_REPLY
}
