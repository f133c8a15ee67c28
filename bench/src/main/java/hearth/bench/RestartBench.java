package hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How long a controller is away: SIGKILL under a read load, to each stage of the next incarnation's boot and to the
/// next answer at a libnfs client. Fast and conventional restarts alternate within one run.
@Command(
        name = "restart",
        description = "Kills a controller under read load and measures each stage until it answers again.",
        mixinStandardHelpOptions = true)
final class RestartBench implements Callable<Integer> {
    private static final List<String> STAGES =
            List.of("detected", "fenced", "spawned", "attached", "planned", "listening", "firstReply");
    private static final int FILE_BYTES = 64 << 20;
    private static final int WARM_UP = 2;

    @Option(names = "--kills", defaultValue = "20", description = "kills of each kind (default: ${DEFAULT-VALUE})")
    private int kills;

    private enum Kind {
        FAST,
        CONVENTIONAL
    }

    /// One death: when, and how the next incarnation came to be.
    private record Death(Kind kind, long killedNs, JsonNode incarnation) {}

    /// A pause at the client: from the answer before it to the answer after it.
    private record Gap(long startNs, long endNs) {}

    @Override
    public Integer call() throws Exception {
        System.out.printf(
                "restart: %d kills each, fast and conventional in turn; %d cores, Linux %s, JDK %s%n",
                kills,
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"),
                System.getProperty("java.version"));
        Path folder = Files.createTempDirectory("hearth-bench-file");
        Path log = folder.resolve("probe.log");
        Path client = folder.resolve("nfstree");
        try (var host = new BenchHost()) {
            compileClient(host, client);
            writeFile(folder.resolve("tree").resolve("file"));
            String url = host.controller().path("urls").path(0).asText();
            BenchHost.execute(List.of(
                    client.toString(), "put", url, folder.resolve("tree").toString(), "/bench"));
            Process probe = new ProcessBuilder(client.toString(), "probe", url, "/bench/file", "3600")
                    .redirectOutput(log.toFile())
                    .redirectErrorStream(true)
                    .start();
            List<Death> deaths;
            try {
                deaths = killAll(host, probe);
            } finally {
                probe.destroyForcibly().waitFor();
            }
            print(deaths, gaps(log));
            return 0;
        } finally {
            for (String name : List.of("tree/file", "tree", "probe.log", "nfstree", "")) {
                Files.deleteIfExists(name.isEmpty() ? folder : folder.resolve(name));
            }
        }
    }

    private static void compileClient(BenchHost host, Path client) throws IOException, InterruptedException {
        Path source = host.project().resolve("acceptance/src/test/c/nfstree.c");
        try {
            BenchHost.execute(List.of("cc", "-O2", "-o", client.toString(), source.toString(), "-lnfs"));
        } catch (IOException e) {
            throw new IOException("the client needs gcc, libc6-dev and libnfs-dev: " + e.getMessage(), e);
        }
    }

    private static void writeFile(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        byte[] bytes = new byte[FILE_BYTES];
        new Random(1).nextBytes(bytes);
        Files.write(file, bytes);
    }

    private List<Death> killAll(BenchHost host, Process probe) throws IOException, InterruptedException {
        var deaths = new ArrayList<Death>();
        for (int i = 0; i < 2 * (kills + WARM_UP); i++) {
            Kind kind = i % 2 == 0 ? Kind.FAST : Kind.CONVENTIONAL;
            // The load runs for a while first: a death in the middle of nothing is no death under load.
            if (probe.waitFor(700, TimeUnit.MILLISECONDS)) {
                throw new IOException("the client ended with " + probe.exitValue());
            }
            JsonNode killed = kind == Kind.FAST
                    ? host.json("kill", "a")
                    : host.json("kill", "a", "--conventional");
            JsonNode incarnation = awaitFirstReply(host, killed.path("incarnation").asLong());
            if (i >= 2 * WARM_UP) {
                deaths.add(new Death(kind, killed.path("killedAtNs").asLong(), incarnation));
                progress(deaths.size());
            }
        }
        return deaths;
    }

    private void progress(int done) {
        if (System.console() != null) {
            System.err.printf("\rkill %d of %d%s", done, 2 * kills, done == 2 * kills ? "\n" : "");
        } else if (done % 10 == 0) {
            System.err.printf("kill %d of %d%n", done, 2 * kills);
        }
    }

    private static JsonNode awaitFirstReply(BenchHost host, long before) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            JsonNode all = host.json("timeline", "a").path("incarnations");
            JsonNode last = all.path(all.size() - 1);
            if (last.path("incarnation").asLong() > before && stamp(last, "firstReply") > 0) {
                return last;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException("no answer within 30 s after a kill; ./hearth events tells more");
    }

    private static long stamp(JsonNode incarnation, String stage) {
        return incarnation.path("stampsNs").path(stage).asLong();
    }

    private static List<Gap> gaps(Path log) throws IOException {
        var gaps = new ArrayList<Gap>();
        for (String line : Files.readAllLines(log)) {
            String[] words = line.split(" ");
            if (words.length == 3 && words[0].equals("gap")) {
                long end = Long.parseLong(words[1]);
                gaps.add(new Gap(end - Long.parseLong(words[2]), end));
            }
        }
        return gaps;
    }

    /// From the kill to the end of the longest pause about it, or -1 when there is none: an answer that the dead had
    /// already sent may still arrive after the kill.
    private static double clientMs(Death death, List<Gap> gaps) {
        return gaps.stream()
                .filter(gap -> gap.endNs > death.killedNs)
                .filter(gap -> gap.startNs < death.killedNs + TimeUnit.MILLISECONDS.toNanos(50))
                .max(Comparator.comparingLong(gap -> gap.endNs - gap.startNs))
                .map(gap -> (gap.endNs - death.killedNs) / 1e6)
                .orElse(-1.0);
    }

    private static void print(List<Death> deaths, List<Gap> gaps) {
        for (Kind kind : Kind.values()) {
            Map<String, List<Double>> rows = new LinkedHashMap<>();
            int otherPlan = 0;
            for (Death death : deaths) {
                if (death.kind != kind) {
                    continue;
                }
                String wanted = kind == Kind.FAST ? "FastRestart" : "ConventionalBoot";
                if (!death.incarnation.path("plan").asText().equals(wanted)) {
                    otherPlan++;
                    continue;
                }
                for (String stage : STAGES) {
                    rows.computeIfAbsent("killed → " + stage, _ -> new ArrayList<>())
                            .add((stamp(death.incarnation, stage) - death.killedNs) / 1e6);
                }
                double client = clientMs(death, gaps);
                if (client >= 0) {
                    rows.computeIfAbsent("killed → next answer at the client", _ -> new ArrayList<>()).add(client);
                }
            }
            System.out.printf("%n%s restart%s%n%s%n", kind.name().toLowerCase(java.util.Locale.ROOT),
                    otherPlan == 0 ? "" : " (" + otherPlan + " took another plan and are left out)", Numbers.header());
            rows.forEach((name, values) -> System.out.println(
                    new Numbers(values.stream().mapToDouble(Double::doubleValue).toArray()).row(name)));
        }
    }
}
