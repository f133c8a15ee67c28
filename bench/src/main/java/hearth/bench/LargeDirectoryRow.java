package hearth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// A directory with very many entries against one that was empty, on Hearth alone, in turn.
record LargeDirectoryRow(String id, int entries) implements Row {
    private static final int PIECE = 2_000;
    private static final String LARGE = "large";
    private static final String SMALL = "small";
    private static final String DEPTH = "32";
    private static final double GOAL = 0.5;
    private static final List<String> WORKS = List.of("create", "lookup", "list");

    @Override
    public String title() {
        return entries + " entries in one directory; goal: create, lookup, list ≥ 0.5 × an empty one's rate";
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        Server server = run.hearth();
        run.client().run(server, "mkdir", List.of("--file", LARGE));
        LoadClient.Run filled = create(run, LARGE, "f", entries);
        Map<String, List<Double>> large = new HashMap<>();
        Map<String, List<Double>> small = new HashMap<>();
        for (int round = 0; round <= run.rounds(); round++) {
            String directory = SMALL + round;
            run.client().run(server, "mkdir", List.of("--file", directory));
            pass(run, directory, PIECE, round, small);
            pass(run, LARGE, entries, round, large);
        }
        var findings = new ArrayList<Finding>();
        for (String work : WORKS) {
            findings.add(finding(work, large.getOrDefault(work, List.of()), small.getOrDefault(work, List.of())));
        }
        findings.set(0, findings.getFirst().and(String.format(
                Locale.ROOT, "all %d were made at %.0f ops/s", entries, filled.opsPerSecond())));
        return findings;
    }

    /// Each work once. The round 0 is for warming up.
    private void pass(BenchRun run, String directory, int names, int round, Map<String, List<Double>> rates)
            throws IOException, InterruptedException {
        var made = create(run, directory, directory.equals(LARGE) ? "round" + round + "-" : "f", PIECE);
        String seconds = "" + Math.max(1, run.seconds() / 2);
        var found = run.client().run(run.hearth(), "lookup", List.of("--file", directory, "--seconds", seconds,
                "--spread", "" + names, "--seed", "" + round, "--depth", DEPTH));
        var listed = run.client().run(run.hearth(), "list", List.of("--file", directory, "--seconds", seconds));
        if (round > 0) {
            rates.computeIfAbsent("create", _ -> new ArrayList<>()).add(made.opsPerSecond());
            rates.computeIfAbsent("lookup", _ -> new ArrayList<>()).add(found.opsPerSecond());
            rates.computeIfAbsent("list", _ -> new ArrayList<>()).add(listed.opsPerSecond());
        }
    }

    private static LoadClient.Run create(BenchRun run, String directory, String prefix, int count)
            throws IOException, InterruptedException {
        return run.client().run(run.hearth(), "create", List.of("--file", directory, "--prefix", prefix, "--count",
                "" + count, "--depth", DEPTH));
    }

    private Finding finding(String work, List<Double> large, List<Double> small) {
        ObjectNode numbers = Finding.newNumbers();
        Spread ratio = Spread.ofRatios(large, small);
        Spread rate = Spread.of(large);
        Spread empty = Spread.of(small);
        rate.into(numbers, "rate");
        empty.into(numbers, "emptyRate");
        ratio.into(numbers, "ratio");
        String unit = work.equals("list") ? "%.0f entries/s" : "%.0f ops/s";
        return new Finding(
                id + "-" + work,
                work + " in a directory of " + entries + " entries",
                "≥ 0.5 × an empty one",
                String.format(Locale.ROOT, unit, rate.median()),
                String.format(Locale.ROOT, unit, empty.median()),
                ratio.text("%.2f"),
                Finding.Met.of(ratio.median() >= GOAL),
                List.of(),
                numbers);
    }
}
