package hearth.memory.region;

/// What [RegionNoise] strikes.
public enum NoisePart {
    /// Frames of the buffer cache that hold a block: their bytes, and the words that say which block it is.
    FRAMES,
    /// What stands in the checkpoint's two slots.
    CHECKPOINT,
    /// Records of the log that are flushed.
    LOG,
    /// Records of the log that are committed and not flushed yet.
    LOG_TAIL,
    /// The dirty indexes: their entries and their headers.
    INDEX,
    /// Entries of the duplicate-request table that hold an answer.
    DUPLICATES,
    /// The area that is reserved for sessions.
    SESSION
}
