package hearth.memory.ring;

/// How a disk request ended; the ordinal stands in completions.
public enum DiskStatus {
    OK,
    IO_ERROR,
    SHORT,
    STALE_EPOCH,
    BAD_REQUEST,
    NO_DEVICE;

    /// A word that no status has counts as an I/O error.
    static DiskStatus of(int word) {
        DiskStatus[] all = values();
        return word >= 0 && word < all.length ? all[word] : IO_ERROR;
    }
}
