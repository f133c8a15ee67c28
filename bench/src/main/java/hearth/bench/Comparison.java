package hearth.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Two servers under the same load, held against each other round by round.
///
/// @param ratioGoal Hearth's rate against the other's that is asked for
/// @param cpu whether an operation may also cost no more processor time than the other's
/// @param unit `ops/s`, or `MB/s` with the COMMIT's time in it
record Comparison(String id, String title, double ratioGoal, boolean cpu, String unit) {
    private static final double MEGABYTE = 1e6;

    String goal() {
        return String.format(Locale.ROOT, "≥ %.1f × peer%s", ratioGoal, cpu ? ", CPU/op ≤ peer" : "");
    }

    private double rate(LoadClient.Run run) {
        return unit.equals("MB/s")
                ? run.bytes() / MEGABYTE / (run.seconds() + run.commitSeconds())
                : run.opsPerSecond();
    }

    /// The n-th of `ours` and the n-th of `theirs` ran in one round; `theirs` is empty without a peer.
    Finding of(List<LoadClient.Run> ours, List<LoadClient.Run> theirs) {
        ObjectNode numbers = Finding.newNumbers();
        List<Double> rates = ours.stream().map(this::rate).toList();
        Spread rate = Spread.of(rates);
        rate.into(numbers, "rate");
        numbers.put("unit", unit);
        var notes = new ArrayList<>(List.of("hearth: " + cost(ours, numbers.putObject("hearth"))));
        if (theirs.isEmpty()) {
            return new Finding(id, title, goal(), text(rate), "", "", Finding.Met.UNKNOWN, notes, numbers);
        }
        notes.add("peer:   " + cost(theirs, numbers.putObject("peer")));
        List<Double> peerRates = theirs.stream().map(this::rate).toList();
        Spread peerRate = Spread.of(peerRates);
        peerRate.into(numbers, "peerRate");
        Spread ratio = Spread.ofRatios(rates, peerRates);
        ratio.into(numbers, "ratio");
        Spread cpuRatio = Spread.ofRatios(
                ours.stream().map(LoadClient.Run::cpuUsPerOp).toList(),
                theirs.stream().map(LoadClient.Run::cpuUsPerOp).toList());
        cpuRatio.into(numbers, "cpuRatio");
        notes.add("processor time of an operation against the peer's: " + cpuRatio.text("%.2f"));
        boolean met = ratio.median() >= ratioGoal && (!cpu || cpuRatio.median() <= 1);
        return new Finding(id, title, goal(), text(rate), text(peerRate), ratio.text("%.2f"), Finding.Met.of(met),
                notes, numbers);
    }

    private String text(Spread rate) {
        return String.format(Locale.ROOT, "%.0f %s", rate.median(), unit);
    }

    /// What the runs cost and how long calls took, in words and for programs.
    static String cost(List<LoadClient.Run> runs, ObjectNode numbers) {
        var text = new StringBuilder("CPU µs/op");
        for (String role : runs.getFirst().cpuUs().keySet()) {
            Spread cpu = Spread.of(runs.stream()
                    .map(run -> run.cpuUs().getOrDefault(role, 0.0) / run.ops())
                    .toList());
            cpu.into(numbers, role + "CpuUsPerOp");
            text.append(String.format(Locale.ROOT, " %s %.1f", role, cpu.median()));
        }
        Spread client = Spread.of(
                runs.stream().map(run -> run.clientCpuUs() / run.ops()).toList());
        Spread p50 = Spread.of(runs.stream().map(LoadClient.Run::p50Us).toList());
        Spread p99 = Spread.of(runs.stream().map(LoadClient.Run::p99Us).toList());
        Spread commit = Spread.of(runs.stream().map(LoadClient.Run::commitSeconds).toList());
        // Some clients do not say.
        if (p50.max() > 0) {
            client.into(numbers, "clientCpuUsPerOp");
            p50.into(numbers, "p50Us");
            p99.into(numbers, "p99Us");
            text.append(String.format(Locale.ROOT, " client %.1f; latency p50 %.0f µs p99 %.0f µs", client.median(),
                    p50.median(), p99.median()));
        }
        if (commit.max() > 0) {
            commit.into(numbers, "commitSeconds");
            text.append(String.format(Locale.ROOT, "; COMMIT afterwards %.3f s", commit.median()));
        }
        return text.toString();
    }
}
