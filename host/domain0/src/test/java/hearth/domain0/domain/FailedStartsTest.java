package hearth.domain0.domain;

import org.junit.jupiter.api.Test;

import hearth.domain0.config.RestartConfig;
import hearth.domain0.domain.FailedStarts.End;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the failed-start rule as the design states it. Method: ends in rows, no clock.
class FailedStartsTest {
    private static final long MS = 1_000_000;
    private final FailedStarts starts = new FailedStarts(new RestartConfig(5, 500, 100, 60_000));

    private static End neverListened() {
        return new End(false, 0, 5 * MS, 0, "exit 1");
    }

    private static End listened(long ms, long answers) {
        return new End(false, 10 * MS, (10 + ms) * MS, answers, "signal 9");
    }

    @Test
    void anEndBeforeListeningHasFailedAndSoHasOneSoonAfterWithFewAnswers() {
        assertThat(starts.isFailed(neverListened())).isTrue();
        assertThat(starts.isFailed(listened(499, 99))).isTrue();
        assertThat(starts.isFailed(listened(500, 0))).isFalse();
        assertThat(starts.isFailed(listened(1, 100))).isFalse();
        assertThat(starts.isFailed(new End(true, 0, 5 * MS, 0, "signal 9"))).isFalse();
    }

    @Test
    void theSecondInARowMakesTheNextConventionalAndTheFifthIsTheEnd() {
        assertThat(starts.decide(neverListened())).isEqualTo(new Verdict.Restart(true));
        for (int i = 2; i <= 4; i++) {
            assertThat(starts.decide(neverListened())).isEqualTo(new Verdict.Restart(false));
        }
        assertThat(starts.decide(neverListened())).isEqualTo(
                new Verdict.Leave("5 failed starts in a row, the last: exit 1", true));
    }

    @Test
    void aGoodStartEndsTheRow() {
        for (int i = 0; i < 4; i++) {
            starts.decide(neverListened());
        }
        assertThat(starts.decide(listened(5000, 0))).isEqualTo(new Verdict.Restart(true));
        assertThat(starts.inARow()).isZero();
        assertThat(starts.decide(neverListened())).isEqualTo(new Verdict.Restart(true));
    }
}
