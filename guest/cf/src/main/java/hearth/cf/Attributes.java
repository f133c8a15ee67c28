package hearth.cf;

/// A file's attributes as clients see them. Times are nanoseconds since 1970 (signed, to the year 2262); sizes are
/// bytes; `mode` is the low 12 bits (permissions, setuid, setgid, sticky).
public record Attributes(
        FileType type,
        int mode,
        int linkCount,
        int uid,
        int gid,
        long sizeBytes,
        long usedBytes,
        int deviceMajor,
        int deviceMinor,
        long fileSystemId,
        long fileId,
        long accessTimeNs,
        long modifyTimeNs,
        long changeTimeNs) {}
