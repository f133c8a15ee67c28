package hearth.cf;

/// A persistent file handle, valid over every restart: it names an inode by number and generation, so a reused number
/// is told from the file that had it before (STALE).
///
/// @param aggregateId the aggregate's random id; a handle of another aggregate is BAD_HANDLE
/// @param volumeId the volume within the aggregate
/// @param inode inode number within the volume
/// @param generation the inode's generation when the handle was given out
public record FileHandle(long aggregateId, int volumeId, long inode, int generation) {
    /// Bytes of an encoded handle: version 1, then the four fields, big-endian, padded to a multiple of 4.
    public static final int ENCODED_SIZE = 28;
}
