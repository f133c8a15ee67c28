package hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// The load's client, `bench/src/main/c/nfsbench.c`, compiled when its source is newer than what is there.
final class LoadClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path program;

    LoadClient() throws IOException, InterruptedException {
        Path project = BenchHost.launcher().resolveSibling("");
        Path source = project.resolve("bench/src/main/c/nfsbench.c");
        program = project.resolve("target/nfsbench");
        if (Files.exists(program)
                && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) > 0) {
            return;
        }
        try {
            BenchHost.execute(
                    List.of("gcc", "-O2", "-o", program.toString(), source.toString(), "-lnfs", "-lm"));
        } catch (IOException e) {
            throw new IOException("the client needs gcc, libc6-dev and libnfs-dev: " + e.getMessage(), e);
        }
    }

    /// One run of a load.
    ///
    /// @param ops calls answered (for a listing: entries)
    /// @param bytes moved by them
    /// @param seconds from the first call to the last answer
    /// @param commitSeconds what the COMMIT after writes took on top
    /// @param cpuUs processor time of each of the server's processes
    record Run(
            double ops,
            double bytes,
            double seconds,
            double commitSeconds,
            double p50Us,
            double p99Us,
            double clientCpuUs,
            Map<String, Double> cpuUs) {

        double opsPerSecond() {
            return ops / seconds;
        }

        double cpuUsPerOp() {
            return cpuUs.values().stream().mapToDouble(Double::doubleValue).sum() / ops;
        }
    }

    /// Runs `work` with the options on a server.
    Run run(Server server, String work, List<String> options) throws IOException, InterruptedException {
        Map<String, Long> processes = server.processes();
        var line = new ArrayList<>(server.entrance());
        line.addAll(List.of(program.toString(), server.target(), work));
        line.addAll(options);
        line.add("--pids");
        line.add(String.join(",", processes.values().stream().map(String::valueOf).toList()));
        JsonNode answer = JSON.readTree(BenchHost.execute(line));
        var cpu = new LinkedHashMap<String, Double>();
        int index = 0;
        for (String role : processes.keySet()) {
            cpu.put(role, answer.path("cpuUs").path(index++).asDouble());
        }
        return new Run(
                answer.path("ops").asDouble(),
                answer.path("bytes").asDouble(),
                answer.path("seconds").asDouble(),
                answer.path("commitSeconds").asDouble(),
                answer.path("p50Us").asDouble(),
                answer.path("p99Us").asDouble(),
                answer.path("clientCpuUs").asDouble(),
                cpu);
    }
}
