package hearth.domain0.api;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.domain0.config.LogsConfig;
import hearth.domain0.event.EventLog;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: what Prometheus reads is what `status` says, in its text format and by its conventions. Method: every line is
/// parsed by the format's rules; the figures come from a stand-in.
class MetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z_]+)\\{([a-z]+=\"[^\"\\\\\n]*\"(?:,[a-z]+=\"[^\"\\\\\n]*\")*)} (-?[0-9.E-]+)");

    @TempDir
    Path folder;

    private List<String> lines() throws Exception {
        try (var events = new EventLog(folder.resolve("events.log"), LogsConfig.DEFAULT)) {
            String text = Metrics.of(new FakeHost(folder, new FakeDomain("a"), events));
            assertThat(text).endsWith("\n");
            return text.lines().toList();
        }
    }

    @Test
    void everyLineIsOfTheFormatAndEveryMetricStandsTogether() throws Exception {
        var seen = new HashSet<String>();
        var samples = new HashSet<String>();
        String current = "";
        String type = "";
        for (String line : lines()) {
            if (line.startsWith("# HELP ")) {
                current = line.split(" ")[2];
                assertThat(seen.add(current)).as("%s comes twice", current).isTrue();
            } else if (line.startsWith("# TYPE ")) {
                assertThat(line.split(" ")[2]).isEqualTo(current);
                type = line.split(" ")[3];
                assertThat(type).isIn("counter", "gauge");
                assertThat(current.endsWith("_total")).as(current).isEqualTo(type.equals("counter"));
                assertThat(current).doesNotContain("_ms", "_ns", "_kib");
            } else {
                var sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                assertThat(sample.group(1)).isEqualTo(current);
                assertThat(samples.add(current + sample.group(2))).as("%s comes twice", line).isTrue();
            }
        }
        assertThat(seen).hasSizeGreaterThan(40);
    }

    @Test
    void theNumbersAreThoseOfTheStatus() throws Exception {
        assertThat(lines()).contains(
                "hearth_up{controller=\"a\"} 1",
                "hearth_restarts_total{controller=\"a\"} 6",
                "hearth_last_outage_seconds{controller=\"a\"} 0.0125",
                "hearth_cache_hits_total{controller=\"a\"} 9",
                "hearth_log_unflushed_records{controller=\"a\"} 4",
                "hearth_journal_flush_seconds_total{controller=\"a\"} 0.006",
                "hearth_nfs_calls_total{controller=\"a\",procedure=\"READ\"} 12",
                "hearth_nfs_errors_total{controller=\"a\",procedure=\"READ\"} 3",
                "hearth_disk_read_bytes_total{controller=\"a\",disk=\"disk0\"} 16384",
                "hearth_disk_present{controller=\"a\",disk=\"disk1\"} 0");
    }
}
