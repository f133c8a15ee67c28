package hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How fast Hearth serves NFS, and what it costs; with `--peers` nfs-ganesha runs the same loads in the same run, in
/// turn, on files of the same size on the same file system.
@Command(
        name = "nfs",
        description = {
            "Rates and processor time over NFS version 3, against goals.",
            "",
            "--peers needs root and the packages nfs-ganesha, nfs-ganesha-vfs, rpcbind, iproute2, qemu-utils,"
                    + " qemu-block-extra; it runs in a network namespace of its own.",
            ""
        },
        mixinStandardHelpOptions = true)
final class NfsBench implements Callable<Integer> {
    private static final String LINE = "%-56s %-28s %18s %18s  %-20s %s%n";

    @Option(names = "--peers", description = "also nfs-ganesha, in turn with Hearth")
    private boolean peers;

    @Option(names = "--only", paramLabel = "ROW", split = ",", description = "only these rows (see --rows)")
    private List<String> only = List.of();

    @Option(names = "--rows", description = "lists the rows and ends")
    private boolean list;

    @Option(names = "--rounds", defaultValue = "5", description = "rounds of each load (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "length of each load (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--warm-up", defaultValue = "8", description = "seconds of each before (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(
            names = "--minutes",
            defaultValue = "10",
            description = "load before the resident set is read (default: ${DEFAULT-VALUE})")
    private int minutes;

    @Option(names = "--cache", defaultValue = "1024", description = "Hearth's cache in MiB (default: ${DEFAULT-VALUE})")
    private int cacheMib;

    @Option(names = "--log", defaultValue = "128", description = "half of its log in MiB (default: ${DEFAULT-VALUE})")
    private int logMib;

    @Option(names = "--folder", description = "where the servers' files are (default: the system's temporary folder)")
    private @Nullable Path folder;

    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "table", description = "table or json")
    private String format = "table";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<Row> rows = chosen();
        if (list) {
            rows.forEach(row -> System.out.printf("%-12s %s%n", row.id(), row.title()));
            return 0;
        }
        if (peers && !Apart.is()) {
            return Apart.again(spec.commandLine().getParent().getParseResult().originalArgs());
        }
        if (peers) {
            Apart.settle();
        }
        Path base = base();
        var found = new ArrayList<Finding>();
        var client = new LoadClient();
        try (var hearth = HearthServer.forAllLoads(Files.createTempDirectory(base, "hearth-bench"), cacheMib, logMib);
                var peer = peers ? new GaneshaServer(Files.createTempDirectory(base, "hearth-peer")) : null) {
            var run = new BenchRun(hearth, peer, client, new BenchRun.Effort(rounds, seconds, warmUp, minutes));
            for (Row row : rows) {
                System.err.println("measuring " + row.id() + ": " + row.title());
                List<Finding> findings = row.measure(run);
                found.addAll(findings);
                if (!json()) {
                    findings.forEach(NfsBench::print);
                }
            }
        }
        finish(found);
        return 0;
    }

    private Path base() {
        return folder == null ? Path.of(System.getProperty("java.io.tmpdir")) : folder.toAbsolutePath();
    }

    private boolean json() {
        return format.equals("json");
    }

    private List<Row> chosen() {
        if (!json() && !format.equals("table")) {
            throw new ParameterException(spec.commandLine(), "-o " + format + ": table or json");
        }
        var rows = new ArrayList<Row>();
        for (Row row : Rows.all(base())) {
            if (only.isEmpty() || only.contains(row.id())) {
                rows.add(row);
            }
        }
        for (String id : only) {
            if (rows.stream().noneMatch(row -> row.id().equals(id))) {
                throw new ParameterException(spec.commandLine(), "no row '" + id + "'; --rows lists them");
            }
        }
        return rows;
    }

    private String machine() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("unknown processor");
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        return String.format(
                Locale.ROOT,
                "%d cores, %s, Linux %s, JDK %s, load average %s; %d rounds of %d s, cache %d MiB, log 2 × %d MiB",
                Runtime.getRuntime().availableProcessors(),
                model,
                System.getProperty("os.version"),
                System.getProperty("java.version"),
                load,
                rounds,
                seconds,
                cacheMib,
                logMib);
    }

    private static void print(Finding finding) {
        System.out.println(finding.id() + ": " + finding.ours()
                + (finding.other().isEmpty() ? "" : " against " + finding.other() + ", ratio " + finding.ratio()));
        finding.notes().forEach(note -> System.out.println("    " + note));
    }

    private void finish(List<Finding> found) throws IOException {
        if (json()) {
            ObjectNode answer = Finding.newNumbers();
            answer.put("machine", machine());
            ObjectNode rows = answer.putObject("rows");
            found.forEach(finding -> {
                ObjectNode one = rows.putObject(finding.id());
                one.put("title", finding.title());
                one.put("goal", finding.goal());
                one.put("met", finding.met().name());
                one.setAll(finding.numbers());
            });
            System.out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(answer));
            return;
        }
        System.out.printf("%n%s%n%n", machine());
        System.out.printf(LINE, "what", "goal", "hearth", "against", "ratio", "");
        found.forEach(finding -> System.out.printf(LINE, finding.title(), finding.goal(), finding.ours(),
                finding.other(), finding.ratio(), finding.met().text()));
    }
}
