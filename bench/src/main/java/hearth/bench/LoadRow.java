package hearth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A load on Hearth and on the peer in turn.
record LoadRow(Comparison comparison, String work, List<String> options) implements Row {

    @Override
    public String id() {
        return comparison.id();
    }

    @Override
    public String title() {
        return comparison.title() + "; goal: " + comparison.goal();
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        run.prepare();
        for (Server server : run.servers()) {
            warmUp(run, server);
        }
        Map<Server, List<LoadClient.Run>> runs = new HashMap<>();
        for (int round = 0; round < run.rounds(); round++) {
            for (Server server : run.servers(round)) {
                runs.computeIfAbsent(server, _ -> new ArrayList<>())
                        .add(run.client().run(server, work, timed(run.seconds(), round + 1)));
            }
        }
        return List.of(comparison.of(run.ofHearth(runs), run.ofPeer(runs)));
    }

    /// A copy ends with its file: it is made again until the time is over.
    private void warmUp(BenchRun run, Server server) throws IOException, InterruptedException {
        int seconds = run.effort().warmUpSeconds();
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        do {
            run.client().run(server, work, timed(seconds, 0));
        } while (System.nanoTime() < endNs);
    }

    private List<String> timed(int seconds, int seed) {
        var all = new ArrayList<>(options);
        all.addAll(List.of("--seconds", "" + seconds, "--seed", "" + seed));
        return all;
    }
}
