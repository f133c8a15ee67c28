package hearth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A load by `qemu-img bench`, which goes over the file from its beginning, on Hearth and on the peer in turn. Its NFS
/// driver can be told no port, so it runs only where each server has a portmapper: with `--peers`.
record QemuRow(Comparison comparison, int blockBytes, int depth, boolean write) implements Row {
    private static final Pattern DONE = Pattern.compile("Run completed in ([0-9.]+) seconds");
    private static final int FIRST_BYTES = 64 << 20;
    private static final int FIRST_MAX = 4000;

    @Override
    public String id() {
        return comparison.id();
    }

    @Override
    public String title() {
        return comparison.title() + "; goal: " + comparison.goal() + "; only with --peers";
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        if (!Apart.is()) {
            System.err.println("    left out: qemu-img needs a portmapper, which this run has with --peers only");
            return List.of();
        }
        run.prepare();
        Map<Server, Double> rates = new HashMap<>();
        for (Server server : run.servers()) {
            LoadClient.Run first = execute(server, Math.min(FIRST_MAX, FIRST_BYTES / blockBytes));
            LoadClient.Run warm = execute(server, count(first.opsPerSecond(), run.effort().warmUpSeconds()));
            rates.put(server, warm.opsPerSecond());
        }
        Map<Server, List<LoadClient.Run>> runs = new HashMap<>();
        for (int round = 0; round < run.rounds(); round++) {
            for (Server server : run.servers(round)) {
                int count = count(rates.getOrDefault(server, 0.0), run.seconds());
                runs.computeIfAbsent(server, _ -> new ArrayList<>()).add(execute(server, count));
            }
        }
        return List.of(comparison.of(run.ofHearth(runs), run.ofPeer(runs)));
    }

    /// It runs for a number of requests, not for a time.
    private static int count(double perSecond, int seconds) {
        return Math.max(1, (int) (perSecond * seconds));
    }

    private LoadClient.Run execute(Server server, int count) throws IOException, InterruptedException {
        var line = new ArrayList<>(server.entrance());
        line.addAll(List.of("qemu-img", "bench", "-f", "raw", "-c", "" + count, "-d", "" + depth, "-s",
                "" + blockBytes));
        if (write) {
            line.add("-w");
        }
        line.add(server.url() + "/data");
        Map<String, Double> before = cpuUs(server);
        String answer;
        try {
            answer = BenchHost.execute(line);
        } catch (IOException e) {
            throw new IOException("this row needs qemu-utils and qemu-block-extra: " + e.getMessage(), e);
        }
        Map<String, Double> cpu = cpuUs(server);
        before.forEach((role, us) -> cpu.merge(role, -us, Double::sum));
        Matcher matcher = DONE.matcher(answer);
        if (!matcher.find()) {
            throw new IOException("qemu-img bench says no time: " + answer.strip());
        }
        double seconds = Double.parseDouble(matcher.group(1));
        return new LoadClient.Run(count, (double) count * blockBytes, seconds, 0, 0, 0, 0, cpu);
    }

    private static Map<String, Double> cpuUs(Server server) throws IOException, InterruptedException {
        var cpu = new LinkedHashMap<String, Double>();
        for (Map.Entry<String, Long> process : server.processes().entrySet()) {
            cpu.put(process.getKey(), Processes.cpuSeconds(process.getValue()) * 1e6);
        }
        return cpu;
    }
}
