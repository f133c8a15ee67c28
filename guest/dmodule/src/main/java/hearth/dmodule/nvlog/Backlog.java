package hearth.dmodule.nvlog;

/// About how many bytes of the log are not stable. Positions are noted where the flusher and consistency points are
/// sent to; what lies between two notes counts as not stable until the later one is. Any thread.
final class Backlog {
    private volatile long appendedBytes;
    private volatile long stableBytes;

    // Guarded by this.
    private long wantedLsn;
    private long wantedBytes;
    private boolean wantedPending;
    private long frozenLsn;
    private long frozenBytes;

    /// A record was appended; under the file system's lock.
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer: who holds the lock
    void appended(long bytes) {
        appendedBytes += bytes;
    }

    /// The flusher was asked for all records up to `lsn`.
    synchronized void wanted(long lsn) {
        // The earlier note stays until it is reached: under steady load the latest one never would be.
        if (!wantedPending) {
            wantedLsn = lsn;
            wantedBytes = appendedBytes;
            wantedPending = true;
        }
    }

    /// A consistency point includes all records up to `lsn`.
    synchronized void frozen(long lsn) {
        frozenLsn = lsn;
        frozenBytes = appendedBytes;
    }

    /// All records up to `lsn` are stable.
    synchronized void stable(long lsn) {
        long bytes = stableBytes;
        if (lsn >= wantedLsn) {
            wantedPending = false;
            bytes = Math.max(bytes, wantedBytes);
        }
        if (lsn >= frozenLsn) {
            bytes = Math.max(bytes, frozenBytes);
        }
        stableBytes = bytes;
    }

    long bytes() {
        return appendedBytes - stableBytes;
    }
}
