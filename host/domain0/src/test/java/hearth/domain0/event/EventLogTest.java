package hearth.domain0.event;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import hearth.base.Event;
import hearth.domain0.config.LogsConfig;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: events keep their order and their place, in memory and in the file; a full disk costs lines, nothing else.
class EventLogTest {
    @TempDir
    Path folder;

    private static Event event(int i) {
        return new Event(1_000L + i, "sample.event", Map.of("i", i));
    }

    @Test
    void eventsStandInTheFileOneLineEachAndAreAddedAtTheNextStart() throws Exception {
        Path file = folder.resolve("events.log");
        try (var log = new EventLog(file, LogsConfig.DEFAULT)) {
            log.accept(new Event(7, "boot.decided", Map.of("plan", Map.of("not", "plain"))));
        }
        try (var log = new EventLog(file, LogsConfig.DEFAULT)) {
            log.accept(event(1));
        }
        var lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.getFirst());
        assertThat(first.path("name").asText()).isEqualTo("boot.decided");
        assertThat(first.path("fields").path("plan").asText()).isEqualTo("{not=plain}");
        assertThat(new ObjectMapper().readTree(lines.get(1)).path("fields").path("i").asInt()).isEqualTo(1);
    }

    @Test
    void onlyTheLatestAreKeptAndEachHasItsNumber() throws Exception {
        try (var log = new EventLog(folder.resolve("events.log"), LogsConfig.DEFAULT)) {
            for (int i = 1; i <= 10_005; i++) {
                log.accept(event(i));
            }
            assertThat(log.after(0)).hasSize(10_000);
            assertThat(log.after(10_003)).extracting(EventLog.Numbered::number).containsExactly(10_004L, 10_005L);
            assertThat(log.after(10_005)).isEmpty();
            assertThat(log.last(2)).extracting(one -> one.event().wallNs()).containsExactly(11_004L, 11_005L);
        }
    }

    @Test
    void aFollowerSeesWhatComesAfterIt() throws Exception {
        var seen = new ArrayList<Event>();
        try (var log = new EventLog(folder.resolve("events.log"), LogsConfig.DEFAULT)) {
            log.accept(event(1));
            log.follow(seen::add);
            log.accept(event(2));
        }
        assertThat(seen).containsExactly(event(2));
    }

    @Test
    void aFullDiskLosesLinesAndNoEvent() throws Exception {
        try (var log = new EventLog(Path.of("/dev/full"), LogsConfig.DEFAULT)) {
            log.accept(event(1));
            log.accept(event(2));
            assertThat(log.after(0)).hasSize(2);
        }
    }

    @Test
    void aFullFileIsMovedOnAndNoLineIsLost() throws Exception {
        Path file = folder.resolve("events.log");
        try (var log = new EventLog(file, new LogsConfig(10_000, 3))) {
            for (int i = 0; i < 1_000; i++) {
                log.accept(event(i));
            }
        }
        var numbers = new ArrayList<Integer>();
        for (String name : List.of("events.log.3", "events.log.2", "events.log.1", "events.log")) {
            assertThat(folder.resolve(name)).exists();
            assertThat(Files.size(folder.resolve(name))).isLessThanOrEqualTo(10_000);
            for (String line : Files.readAllLines(folder.resolve(name))) {
                numbers.add(new ObjectMapper().readTree(line).path("fields").path("i").asInt());
            }
        }
        assertThat(folder).isDirectoryNotContaining("glob:**/events.log.{4,new}");
        assertThat(numbers.getLast()).isEqualTo(999);
        assertThat(numbers).isEqualTo(IntStream.rangeClosed(numbers.getFirst(), 999).boxed().toList());
    }
}
