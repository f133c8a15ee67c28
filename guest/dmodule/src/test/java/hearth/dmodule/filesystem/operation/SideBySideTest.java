package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Tasks run once each, at the same time, and the first failure is the caller's.
class SideBySideTest {
    @Test
    void everyTaskRunsOnce() throws IOException {
        for (int count : new int[] {0, 1, 2, 15, 16, 17, 300}) {
            var runs = new AtomicInteger();
            var seen = new boolean[count];
            var tasks = new ArrayList<SideBySide.Task>();
            for (int i = 0; i < count; i++) {
                int number = i;
                tasks.add(() -> {
                    runs.incrementAndGet();
                    seen[number] = true;
                });
            }
            SideBySide.run(tasks);
            assertThat(runs).hasValue(count);
            assertThat(seen).doesNotContain(false);
        }
    }

    @Test
    void sixteenRunAtTheSameTime() throws IOException {
        var together = new CyclicBarrier(16);
        var tasks = new ArrayList<SideBySide.Task>();
        for (int i = 0; i < 16; i++) {
            tasks.add(() -> {
                try {
                    together.await(30, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IOException(e);
                }
            });
        }
        SideBySide.run(tasks);
    }

    @Test
    void aFailureIsTheCallers() {
        SideBySide.Task good = () -> { };
        SideBySide.Task unreadable = () -> {
            throw new IOException("no disk");
        };
        SideBySide.Task broken = () -> {
            throw new AssertionError("bug");
        };
        assertThatThrownBy(() -> SideBySide.run(List.of(good, unreadable, good))).hasMessage("no disk");
        assertThatThrownBy(() -> SideBySide.run(List.of(good, broken, good))).isInstanceOf(AssertionError.class);
    }
}
