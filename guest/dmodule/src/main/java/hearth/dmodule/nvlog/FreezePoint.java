package hearth.dmodule.nvlog;

/// What a consistency point includes: all records up to `lastLsn`. `generation` is the lap of the half that is frozen,
/// `switched` tells whether the log moved to its other half (it stays while that one is not free).
public record FreezePoint(long lastLsn, long generation, boolean switched) {}
