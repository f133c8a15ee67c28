package hearth.domain0.domain;

import hearth.domain0.config.RestartConfig;

/// The failed-start rule: counts starts in a row that came to nothing, and decides. One thread.
///
/// A start has failed when its incarnation died before it listened, or soon after and before it had answered much. A
/// later death is none, and one that was asked for neither; both end the row.
public final class FailedStarts {
    private static final int CONVENTIONAL_AFTER = 2;
    private static final long NS_PER_MS = 1_000_000L;

    private final RestartConfig config;
    private int inARow;

    public FailedStarts(RestartConfig config) {
        this.config = config;
    }

    /// An incarnation's end.
    ///
    /// @param askedFor the administrator wanted it
    /// @param listeningNs when it listened, 0 when it never did
    /// @param endedNs when its end was noticed
    /// @param answers calls that it answered
    public record End(boolean askedFor, long listeningNs, long endedNs, long answers, String how) {}

    public boolean isFailed(End end) {
        if (end.askedFor()) {
            return false;
        }
        return end.listeningNs() == 0
                || end.endedNs() - end.listeningNs() < config.failedStartMs() * NS_PER_MS
                        && end.answers() < config.failedStartAnswers();
    }

    /// Takes an end into account.
    public Verdict decide(End end) {
        if (!isFailed(end)) {
            inARow = 0;
            return new Verdict.Restart(true);
        }
        inARow++;
        if (inARow >= config.failedStartsMax()) {
            return new Verdict.Leave(inARow + " failed starts in a row, the last: " + end.how(), true);
        }
        return new Verdict.Restart(inARow < CONVENTIONAL_AFTER);
    }

    /// The administrator tries again.
    public void forget() {
        inARow = 0;
    }

    public int inARow() {
        return inARow;
    }
}
