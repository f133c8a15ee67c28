package hearth.memory.channel;

/// Codes that a guest ends with. Any other end, a signal included, is a death like any: domain 0 starts the next
/// incarnation.
public final class GuestExit {
    /// As `Stop` asked.
    public static final int STOPPED = 0;

    /// An escaped Throwable; it stands in the guest's log.
    public static final int ESCAPED = 70;

    /// The parent was another one than `Assign` said; `Processes.ORPHAN_EXIT_CODE`.
    public static final int ORPHAN = 71;

    /// The guest cannot serve and its successor could not either, as long as nobody changes something: disks gone or
    /// foreign, no root to mount. The last `EventLine` before it is `guest.cannot-serve` with `why`. Domain 0 does not
    /// restart: the domain is FAILED with that reason.
    public static final int CANNOT_SERVE = 72;

    /// Domain 0 closed the channel.
    public static final int HOST_GONE = 73;

    private GuestExit() {}
}
