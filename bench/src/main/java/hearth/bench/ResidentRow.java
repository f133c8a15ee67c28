package hearth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What the processes hold beside the region after minutes of mixed load.
record ResidentRow(String id) implements Row {
    private static final int PIECE_S = 5;
    private static final int FILES = 5_000;
    private static final double HOST_GOAL_MB = 200;
    private static final double GUEST_GOAL_MB = 250;

    @Override
    public String title() {
        return "resident beside the region after --minutes of load; goal: domain 0 ≤ 200 MB, guest ≤ 250 MB";
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        run.prepare();
        long endNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(run.effort().minutes());
        for (int piece = 0; piece == 0 || System.nanoTime() < endNs; piece++) {
            mixed(run, piece);
        }
        Map<String, Long> processes = run.hearth().processes();
        var findings = new ArrayList<Finding>();
        for (var process : processes.entrySet()) {
            boolean guest = process.getKey().equals("guest");
            double goal = guest ? GUEST_GOAL_MB : HOST_GOAL_MB;
            double mb = Processes.residentMb(process.getValue());
            ObjectNode numbers = Finding.newNumbers().put("megabytes", mb).put("minutes", run.effort().minutes());
            findings.add(Finding.of(
                    id + "-" + process.getKey(),
                    String.format(Locale.ROOT, "%s beside the region after %d min of load", process.getKey(),
                            run.effort().minutes()),
                    String.format(Locale.ROOT, "≤ %.0f MB", goal),
                    String.format(Locale.ROOT, "%.0f MB", mb),
                    mb <= goal,
                    numbers));
        }
        return findings;
    }

    private static void mixed(BenchRun run, int piece) throws IOException, InterruptedException {
        var small = new ArrayList<>(List.of("--file", "data", "--size", "" + (long) BenchRun.DATA_MIB * BenchRun.MIB,
                "--block", "4096", "--depth", "32", "--connections", "4"));
        small.addAll(List.of("--seconds", "" + PIECE_S, "--seed", "" + piece));
        run.client().run(run.hearth(), "write", small);
        run.client().run(run.hearth(), "read", small);
        var large = new ArrayList<>(BenchRun.wholeFile("data", BenchRun.DATA_MIB));
        large.addAll(List.of("--seconds", "" + PIECE_S, "--seed", "" + piece));
        run.client().run(run.hearth(), "write", large);
        run.client().run(run.hearth(), "read", large);
        String directory = "resident" + piece;
        run.client().run(run.hearth(), "mkdir", List.of("--file", directory));
        var files = List.of("--file", directory, "--count", "" + FILES, "--depth", "32");
        run.client().run(run.hearth(), "create", files);
        run.client().run(run.hearth(), "remove", files);
        run.client().run(run.hearth(), "rmdir", List.of("--file", directory));
    }
}
