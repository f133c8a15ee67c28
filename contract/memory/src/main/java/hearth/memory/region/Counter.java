package hearth.memory.region;

/// Named longs of the heartbeat page; the ordinal is the index. Append only, at most 128. `up` counters restart at 0
/// with each incarnation, the others are levels.
public enum Counter {
    CACHE_HITS,
    CACHE_MISSES,
    CACHE_REFUSED,
    CACHE_VERIFIED,
    CACHE_FRAMES_USED,
    CACHE_FRAMES,
    CONSISTENCY_POINTS,
    CONSISTENCY_POINT_LAST_NS,
    CONSISTENCY_POINT_WRITTEN_BLOCKS,
    OPERATIONS,
    OPERATION_ERRORS,
    BYTES_IN,
    BYTES_OUT,
    CONNECTIONS,
    TOTAL_BLOCKS,
    FREE_BLOCKS,
    RESERVED_BLOCKS,
    INODES_USED,
    LOG_USED_BYTES,
    LOG_RECORDS,
    LOG_LAST_LSN,
    DUPLICATE_HITS,
    REPLAYED_RECORDS,
    REPLAYED_BYTES,
    ANSWERS,
    FAILED_ANSWERS,
    DISK_READS,
    DISK_WRITES,
    DISK_FLUSHES,
    DISK_ERRORS,
    RAID_MEMBERS,
    RAID_MEMBERS_IN_SYNC,
    RAID_REPAIRED_BLOCKS,
    HEAP_USED_BYTES,
    REQUESTS_RUNNING,
    /// Damaged records that the journal gave back.
    LOG_RECORDS_FETCHED,
    /// Losses that were declared since the region was made: a level.
    LOG_LOSSES,
    /// Checkpoint slots that this incarnation found damaged.
    CHECKPOINT_REFUSED,
    /// Answers that were found damaged in the duplicate-request table.
    DUPLICATES_REFUSED,
    CONNECTIONS_ACCEPTED,
    CONNECTIONS_REFUSED,
    CONNECTIONS_EVICTED,
    CALLS_DROPPED,
    CALLS_REFUSED,
    LOG_APPENDED_BYTES,
    LOG_HALF_BYTES,
    CACHE_FILLS
}
