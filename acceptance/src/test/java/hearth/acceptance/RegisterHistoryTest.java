package hearth.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the check of orders accepts what a real register does and finds each way in which one can go wrong.
/// Method: histories by hand, and those of a simulated register, whole and with one read changed.
class RegisterHistoryTest {
    @Test
    void overlappingCallsMayBeInAnyOrder() {
        var history = new RegisterHistory();
        history.wrote(1, 10, 30);
        history.wrote(2, 10, 30);
        history.read(0, 5, 12);
        history.read(2, 20, 40);
        history.read(1, 35, 50);
        assertThat(history.complaint()).isEmpty();
    }

    @Test
    void aWriteThatIsLostIsFound() {
        var history = new RegisterHistory();
        history.wrote(1, 10, 20);
        history.read(0, 30, 40);
        assertThat(history.complaint()).isNotEmpty();
    }

    @Test
    void anOldValueThatComesBackIsFound() {
        var history = new RegisterHistory();
        history.wrote(1, 10, 20);
        history.read(1, 21, 22);
        history.wrote(2, 30, 40);
        history.read(1, 50, 60);
        assertThat(history.complaint()).isNotEmpty();
    }

    @Test
    void aValueFromNowhereAndOneReadTooEarlyAreFound() {
        var nowhere = new RegisterHistory();
        nowhere.read(7, 1, 2);
        assertThat(nowhere.complaint()).contains("value 7 was read and never written");
        var early = new RegisterHistory();
        early.read(1, 1, 2);
        early.wrote(1, 3, 4);
        assertThat(early.complaint()).contains("value 1 was read before it was written");
    }

    private record Call(boolean write, long value, long begin, long end) {}

    private static RegisterHistory history(List<Call> calls) {
        var history = new RegisterHistory();
        for (Call call : calls) {
            if (call.write()) {
                history.wrote(call.value(), call.begin(), call.end());
            } else {
                history.read(call.value(), call.begin(), call.end());
            }
        }
        return history;
    }

    @Test
    void whatARegisterDidIsAcceptedAndAReadOfAValueLongGoneIsNot() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            List<Call> calls = new ArrayList<>();
            long stands = 0;
            // Each call happens at 10 n and reaches over some of its neighbours.
            for (int n = 1; n < 200; n++) {
                boolean write = random.nextBoolean();
                stands = write ? n : stands;
                calls.add(new Call(write, stands, 10L * n - random.nextInt(40), 10L * n + random.nextInt(40)));
            }
            assertThat(history(calls).complaint()).as("seed %d", seed).isEmpty();
            Call first = calls.stream().filter(Call::write).findFirst().orElseThrow();
            calls.add(new Call(false, first.value(), 10_000, 10_001));
            assertThat(history(calls).complaint()).as("seed %d", seed).isNotEmpty();
        }
    }
}
