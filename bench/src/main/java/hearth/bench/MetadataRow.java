package hearth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Many small files made, looked up, renamed and removed in one directory, on Hearth and on the peer in turn.
record MetadataRow(String id, int files) implements Row {
    private static final String DIRECTORY = "many";
    private static final int FILE_BYTES = 1024;
    private static final int DEPTH = 32;
    private static final List<String> WORKS = List.of("create", "lookup", "rename", "remove");

    @Override
    public String title() {
        return "create, lookup, rename and remove of " + files + " small files; goal: each ≥ peer";
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        for (Server server : run.servers()) {
            pass(run, server, new HashMap<>());
        }
        Map<String, Map<Server, List<LoadClient.Run>>> runs = new HashMap<>();
        for (int round = 0; round < run.rounds(); round++) {
            for (Server server : run.servers(round)) {
                pass(run, server, runs);
            }
        }
        var findings = new ArrayList<Finding>();
        for (String work : WORKS) {
            var comparison = new Comparison(
                    id + "-" + work, work + " of " + files + " files of 1 KiB, depth " + DEPTH, 1, false, "ops/s");
            Map<Server, List<LoadClient.Run>> of = runs.getOrDefault(work, Map.of());
            findings.add(comparison.of(run.ofHearth(of), run.ofPeer(of)));
        }
        return findings;
    }

    private void pass(BenchRun run, Server server, Map<String, Map<Server, List<LoadClient.Run>>> runs)
            throws IOException, InterruptedException {
        run.client().run(server, "mkdir", List.of("--file", DIRECTORY));
        for (String work : WORKS) {
            var options = new ArrayList<>(List.of("--file", DIRECTORY, "--count", "" + files, "--depth", "" + DEPTH));
            if (work.equals("create")) {
                options.addAll(List.of("--bytes", "" + FILE_BYTES));
            }
            if (work.equals("remove")) {
                options.addAll(List.of("--prefix", "to-f"));
            }
            LoadClient.Run done = run.client().run(server, work, options);
            runs.computeIfAbsent(work, _ -> new HashMap<>())
                    .computeIfAbsent(server, _ -> new ArrayList<>())
                    .add(done);
        }
        run.client().run(server, "rmdir", List.of("--file", DIRECTORY));
    }
}
