package hearth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// A load on Hearth and on the peer in turn, compared round by round.
///
/// @param ratioGoal Hearth's rate against the peer's that is asked for
/// @param cpu whether an operation may also cost no more processor time than the peer's
/// @param unit `ops/s` or `MB/s`
record LoadRow(
        String id, String title, double ratioGoal, boolean cpu, String unit, String work, List<String> options)
        implements Row {

    private static final double MEGABYTE = 1e6;

    @Override
    public String goal() {
        return String.format(Locale.ROOT, "≥ %.1f × peer%s", ratioGoal, cpu ? ", CPU/op ≤ peer" : "");
    }

    @Override
    public Finding measure(BenchRun run) throws IOException, InterruptedException {
        for (Server server : run.servers()) {
            run.client().run(server, work, timed(run.warmUpSeconds(), 0));
        }
        Map<Server, List<LoadClient.Run>> runs = new HashMap<>();
        for (int round = 0; round < run.rounds(); round++) {
            for (Server server : run.servers(round)) {
                runs.computeIfAbsent(server, _ -> new ArrayList<>())
                        .add(run.client().run(server, work, timed(run.seconds(), round + 1)));
            }
        }
        List<LoadClient.Run> theirs = run.peer() == null ? List.of() : runs.getOrDefault(run.peer(), List.of());
        return compare(runs.getOrDefault(run.hearth(), List.of()), theirs);
    }

    private List<String> timed(int seconds, int seed) {
        var all = new ArrayList<>(options);
        all.addAll(List.of("--seconds", "" + seconds, "--seed", "" + seed));
        return all;
    }

    private double rate(LoadClient.Run run) {
        return unit.equals("MB/s")
                ? run.bytes() / MEGABYTE / (run.seconds() + run.commitSeconds())
                : run.opsPerSecond();
    }

    /// What two servers did in the same rounds.
    Finding compare(List<LoadClient.Run> ours, List<LoadClient.Run> theirs) {
        ObjectNode numbers = Finding.newNumbers();
        Spread rate = Spread.of(ours.stream().map(this::rate).toList());
        rate.into(numbers, "rate");
        numbers.put("unit", unit);
        var notes = new ArrayList<>(List.of("  hearth:  " + cost(ours, numbers.putObject("hearth"))));
        String ourText = String.format(Locale.ROOT, "%.0f %s", rate.median(), unit);
        if (theirs.isEmpty()) {
            return new Finding(ourText, "", "", Finding.Met.UNKNOWN, notes, numbers);
        }
        notes.add("  peer:    " + cost(theirs, numbers.putObject("peer")));
        Spread peerRate = Spread.of(theirs.stream().map(this::rate).toList());
        peerRate.into(numbers, "peerRate");
        Spread ratio = ratio(ours.stream().map(this::rate).toList(), theirs.stream().map(this::rate).toList());
        ratio.into(numbers, "ratio");
        Spread cpuRatio = ratio(
                ours.stream().map(LoadClient.Run::cpuUsPerOp).toList(),
                theirs.stream().map(LoadClient.Run::cpuUsPerOp).toList());
        cpuRatio.into(numbers, "cpuRatio");
        notes.add("  CPU per operation against the peer's: " + cpuRatio.text("%.2f"));
        return new Finding(
                ourText,
                String.format(Locale.ROOT, "%.0f %s", peerRate.median(), unit),
                ratio.text("%.2f"),
                Finding.Met.of(ratio.median() >= ratioGoal && (!cpu || cpuRatio.median() <= 1)),
                notes,
                numbers);
    }

    private static Spread ratio(List<Double> ours, List<Double> theirs) {
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
        }
        return Spread.of(ratios);
    }

    private static String cost(List<LoadClient.Run> runs, ObjectNode numbers) {
        var text = new StringBuilder("CPU µs/op");
        for (String role : runs.getFirst().cpuUs().keySet()) {
            Spread cpu = Spread.of(runs.stream()
                    .map(run -> run.cpuUs().getOrDefault(role, 0.0) / run.ops())
                    .toList());
            cpu.into(numbers, role + "CpuUsPerOp");
            text.append(String.format(Locale.ROOT, "  %s %.1f", role, cpu.median()));
        }
        Spread client = Spread.of(
                runs.stream().map(run -> run.clientCpuUs() / run.ops()).toList());
        client.into(numbers, "clientCpuUsPerOp");
        Spread p50 = Spread.of(runs.stream().map(LoadClient.Run::p50Us).toList());
        Spread p99 = Spread.of(runs.stream().map(LoadClient.Run::p99Us).toList());
        Spread commit = Spread.of(runs.stream().map(LoadClient.Run::commitSeconds).toList());
        p50.into(numbers, "p50Us");
        p99.into(numbers, "p99Us");
        commit.into(numbers, "commitSeconds");
        text.append(String.format(Locale.ROOT, "  client %.1f   p50 %.0f µs  p99 %.0f µs", client.median(),
                p50.median(), p99.median()));
        if (commit.max() > 0) {
            text.append(String.format(Locale.ROOT, "  COMMIT afterwards %.2f s", commit.median()));
        }
        return text.toString();
    }
}
