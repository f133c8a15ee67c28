package hearth.dmodule.nvlog;

/// How a replay ended.
public sealed interface ReplayOutcome {
    /// All is applied and appending may begin behind `lastLsn`. `bytes` counts whole records that were applied.
    record Replayed(long records, long bytes, long lastLsn) implements ReplayOutcome {}

    /// The acknowledged record `lsn` does not parse; nothing from it to `endLsn` is applied. Either the journal has it,
    /// or the loss is declared ([NvLog#acceptLoss]).
    record Damaged(long lsn, long endLsn, String why) implements ReplayOutcome {}

    /// `deaths` incarnations in a row died while they applied the record `lsn`: it is not tried again.
    record Poisoned(long lsn, long endLsn, int deaths) implements ReplayOutcome {}
}
