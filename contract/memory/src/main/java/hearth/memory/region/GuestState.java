package hearth.memory.region;

/// What the guest says of itself; the ordinal stands in the heartbeat page.
public enum GuestState {
    NONE,
    BOOTING,
    LISTENING,
    STOPPING,
    STOPPED
}
