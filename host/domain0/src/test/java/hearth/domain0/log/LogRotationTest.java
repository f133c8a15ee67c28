package hearth.domain0.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.domain0.config.LogsConfig;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a log that a process has as its output stays within bounds, in order, and its writer never waits. Method: real
/// processes that write numbered lines.
class LogRotationTest {
    private static final LogsConfig LIMITS = new LogsConfig(100_000, 3);
    @TempDir
    private Path folder;

    @TempDir
    private Path elsewhere;

    private final List<Event> events = new ArrayList<>();

    private Process writer(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("guest-a.log").toFile()))
                .start();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void whatAProcessWritesStaysWithinBoundsWhileItWrites() throws Exception {
        Path log = folder.resolve("guest-a.log");
        var file = new LogFile(log, LIMITS);
        Path enough = elsewhere.resolve("enough");
        // The last line comes after a pause, as the last words of a guest do.
        Process writer = writer("n=100000; until [ -e " + enough + " ]; do seq $n $((n + 999)); n=$((n + 1000)); done; "
                + "sleep 0.3; echo the end");
        long largest = 0;
        try {
            while (writer.isAlive()) {
                if (file.isFull()) {
                    file.copyOn();
                }
                largest = Math.max(largest, files().size());
                if (largest == 4 && !Files.exists(enough)) {
                    Files.createFile(enough);
                }
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.waitFor()).isZero();
        assertThat(largest).isEqualTo(4);
        assertThat(files()).extracting(path -> path.getFileName().toString())
                .containsExactly("guest-a.log", "guest-a.log.1", "guest-a.log.2", "guest-a.log.3");
        var lines = new ArrayList<String>();
        for (String name : List.of("guest-a.log.3", "guest-a.log.2", "guest-a.log.1", "guest-a.log")) {
            lines.addAll(Files.readAllLines(folder.resolve(name)));
        }
        assertThat(lines.getLast()).isEqualTo("the end");
        // In order; a line that a copy cut is two.
        List<Integer> whole = lines.stream().filter(line -> line.length() == 6).map(Integer::valueOf).toList();
        assertThat(whole).isSorted().hasSizeGreaterThan(5_000);
    }

    @Test
    void theThreadLooksByItself() throws Exception {
        Process writer = writer("seq 1 100000; echo more >&1; sleep 60");
        try (var _ = new LogRotation(
                List.of(new LogFile(folder.resolve("guest-a.log"), LIMITS)), Clock.SYSTEM, events::add)) {
            Awaitility.await().atMost(Duration.ofSeconds(20))
                    .until(() -> Files.exists(folder.resolve("guest-a.log.1"))
                            && Files.size(folder.resolve("guest-a.log")) <= LIMITS.sizeBytes());
            assertThat(writer.isAlive()).isTrue();
            assertThat(events).isEmpty();
        } finally {
            writer.destroyForcibly();
        }
    }

    @Test
    void fewerAreKeptWhenTheConfigurationSaysSoAndNoneWhenItSaysNone() throws Exception {
        Path log = folder.resolve("guest-a.log");
        for (int i = 0; i < 5; i++) {
            Files.writeString(log, "text " + i);
            new LogFile(log, LIMITS).copyOn();
        }
        assertThat(folder.resolve("guest-a.log.3")).hasContent("text 2");
        Files.writeString(log, "text 5");
        new LogFile(log, new LogsConfig(100_000, 1)).copyOn();
        assertThat(files()).containsExactly(log, folder.resolve("guest-a.log.1"));
        assertThat(folder.resolve("guest-a.log.1")).hasContent("text 5");
        Files.writeString(log, "text 6");
        new LogFile(log, new LogsConfig(100_000, 0)).copyOn();
        assertThat(files()).containsExactly(log);
        assertThat(log).isEmptyFile();
    }
}
