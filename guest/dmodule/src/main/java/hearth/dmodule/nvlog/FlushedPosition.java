package hearth.dmodule.nvlog;

/// What domain 0's flusher says in `control`.
public interface FlushedPosition {
    /// The journal holds all records up to here durably. Never moves back.
    long flushedLsn();

    /// True while the flusher does not flush: what must be stable needs a consistency point.
    boolean degraded();

    /// What `await` wants to know was seen; read before looking at the position.
    int sequence();

    /// Blocks until the sequence differs from `lastSeen` or the time is over: platform threads only.
    void await(int lastSeen, long timeoutNs);
}
