package hearth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Stable writes by several writers, each waiting for its answer: how many share one flush of the journal.
record StableRow(String id) implements Row {
    private static final int WRITERS = 8;
    private static final double GOAL = 3;

    @Override
    public String title() {
        return "stable 4 KiB writes, " + WRITERS + " writers; goal: ≥ 3 operations per flush of a device";
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        run.prepare();
        var perFlush = new ArrayList<Double>();
        var rates = new ArrayList<Double>();
        var p50 = new ArrayList<Double>();
        for (int round = 0; round <= run.rounds(); round++) {
            long before = commits(run);
            LoadClient.Run done = run.client().run(run.hearth(), "write", List.of("--file", "data", "--size",
                    "" + (long) BenchRun.DATA_MIB * BenchRun.MIB, "--block", "4096", "--depth", "1", "--connections",
                    "" + WRITERS, "--stable", "1", "--seconds", "" + run.seconds(), "--seed", "" + round));
            long commits = commits(run) - before;
            if (round > 0) {
                perFlush.add(done.ops() / commits);
                rates.add(done.opsPerSecond());
                p50.add(done.p50Us());
            }
        }
        ObjectNode numbers = Finding.newNumbers();
        Spread spread = Spread.of(perFlush);
        spread.into(numbers, "opsPerFlush");
        Spread.of(rates).into(numbers, "rate");
        Spread.of(p50).into(numbers, "p50Us");
        return List.of(Finding.of(id, "stable 4 KiB writes, " + WRITERS + " writers", "≥ 3 operations per flush",
                spread.text("%.2f"), spread.median() >= GOAL, numbers)
                .and(String.format(Locale.ROOT, "%.0f ops/s, p50 %.0f µs; a flush is one of each journal file",
                        Spread.of(rates).median(), Spread.of(p50).median())));
    }

    private static long commits(BenchRun run) throws IOException, InterruptedException {
        return run.hearth().host().controller().path("log").path("journalFlushes").path("count").asLong();
    }
}
