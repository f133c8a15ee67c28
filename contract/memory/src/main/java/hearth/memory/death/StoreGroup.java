package hearth.memory.death;

import java.util.Locale;

/// What a store belongs to; tests choose by it. In the switch's text the names are in lower case, with `-`.
public enum StoreGroup {
    /// Records, commit words, halves, positions of the log.
    LOG,
    /// The dirty index.
    INDEX,
    /// The buffer cache: keys, bytes, generations, predictions.
    FRAME,
    /// The boot checkpoint's slots in the region.
    CHECKPOINT,
    /// Configuration counters.
    COUNTERS,
    /// The table of first answers.
    DUPLICATES,
    /// Committed root and intent in the region.
    ROOT,
    /// The write verifier's words.
    VERIFIER,
    /// Signs of life, stages and statistics.
    HEARTBEAT,
    /// The guest's words in the disk rings.
    RING,
    /// Disk writes and flushes of a consistency point: its blocks and fsinfo in each of its places.
    CONSISTENCY_POINT,
    /// Labels on disks.
    LABEL,
    /// The journal's files.
    JOURNAL;

    /// The name in the switch's text.
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static StoreGroup of(String title) {
        return valueOf(title.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
