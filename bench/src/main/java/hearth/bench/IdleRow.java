package hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What a host with one controller costs when nobody asks it for anything, as it comes without a configuration.
record IdleRow(String id, Path folder) implements Row {
    private static final int SETTLE_S = 10;
    private static final int SECONDS = 60;
    private static final double GOAL_PERCENT = 2;

    @Override
    public String title() {
        return "idle, one controller, " + SECONDS + " s; goal: < 2% of one core";
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        try (var host = new HearthServer(Files.createTempDirectory(folder, "hearth-bench"), "")) {
            Map<String, Long> processes = host.processes();
            TimeUnit.SECONDS.sleep(SETTLE_S);
            ObjectNode numbers = Finding.newNumbers();
            long startedNs = System.nanoTime();
            double before = 0;
            for (var process : processes.entrySet()) {
                double seconds = Processes.cpuSeconds(process.getValue());
                numbers.put(process.getKey() + "Percent", -seconds);
                before += seconds;
            }
            TimeUnit.SECONDS.sleep(SECONDS);
            double took = (System.nanoTime() - startedNs) / 1e9;
            double after = 0;
            var note = new StringBuilder();
            for (var process : processes.entrySet()) {
                double seconds = Processes.cpuSeconds(process.getValue());
                String key = process.getKey() + "Percent";
                numbers.put(key, 100 * (numbers.path(key).asDouble() + seconds) / took);
                note.append(String.format(Locale.ROOT, "%s %.2f%%  ", process.getKey(), numbers.path(key).asDouble()));
                after += seconds;
            }
            double percent = 100 * (after - before) / took;
            numbers.put("percent", percent);
            return List.of(Finding.of(id, "idle, one controller, " + SECONDS + " s", "< 2% of one core",
                    String.format(Locale.ROOT, "%.2f%%", percent), percent < GOAL_PERCENT, numbers)
                    .and(note.toString().strip()));
        }
    }
}
