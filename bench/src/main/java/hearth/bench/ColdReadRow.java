package hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Reads of what neither Hearth's cache nor the kernel's has, against O_DIRECT reads of a file on the same file
/// system, in turn.
record ColdReadRow(String id, Path folder) implements Row {
    private static final double MEGABYTE = 1e6;
    private static final double GOAL = 0.8;
    // Far more than the cache holds, so that nearly every call of a pass goes to the disk.
    private static final int FILE_MIB = 512;
    private static final int CACHE_MIB = 16;
    private static final int LOG_MIB = 64;

    /// One way to read, and as many requests at a time for the disk as for Hearth.
    private record Kind(String name, String title, int block, int count, int depth, boolean sequential) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("random", "uncached 4 KiB random reads, depth 32", 4096, 16_384, 32, false),
            new Kind("sequential", "uncached 1 MiB sequential reads, depth 4", BenchRun.MIB, 256, 4, true));

    @Override
    public String title() {
        return "uncached reads; goal: ≥ 80% of the disk's own O_DIRECT rate";
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        var findings = new ArrayList<Finding>();
        try (var cold = new HearthServer(Files.createTempDirectory(folder, "hearth-bench"), CACHE_MIB, LOG_MIB);
                var disk = new DirectDisk(folder, 1, FILE_MIB)) {
            run.client().run(cold, "fill", BenchRun.wholeFile("data", FILE_MIB));
            for (Kind kind : KINDS) {
                // Passes until the paths that only cold reads take are compiled, too.
                long warmNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(run.effort().warmUpSeconds());
                do {
                    read(run.client(), cold, kind);
                } while (System.nanoTime() < warmNs);
                findings.add(measure(run, cold, disk, kind));
            }
        }
        return findings;
    }

    private static LoadClient.Run read(LoadClient client, HearthServer cold, Kind kind)
            throws IOException, InterruptedException {
        forget(cold);
        return client.run(cold, "read", List.of("--file", "data", "--size", "" + (long) FILE_MIB * BenchRun.MIB,
                "--block", "" + kind.block(), "--count", "" + kind.count(), "--depth", "" + kind.depth(),
                "--sequential", kind.sequential() ? "1" : "0", "--once", "1"));
    }

    private Finding measure(BenchRun run, HearthServer cold, DirectDisk disk, Kind kind)
            throws IOException, InterruptedException {
        var ours = new ArrayList<Double>();
        var bare = new ArrayList<Double>();
        var requests = new ArrayList<Double>();
        var cost = new ArrayList<LoadClient.Run>();
        for (int round = 0; round < run.rounds(); round++) {
            double before = reads(cold);
            LoadClient.Run done = read(run.client(), cold, kind);
            requests.add((reads(cold) - before) / done.ops());
            cost.add(done);
            ours.add(done.bytes() / done.seconds() / MEGABYTE);
            bare.add(disk.read(kind.block(), kind.count(), kind.depth(), kind.sequential()) / MEGABYTE);
        }
        ObjectNode numbers = Finding.newNumbers();
        Spread rate = Spread.of(ours);
        Spread direct = Spread.of(bare);
        Spread ratio = Spread.ofRatios(ours, bare);
        rate.into(numbers, "megabytesPerSecond");
        direct.into(numbers, "directMegabytesPerSecond");
        ratio.into(numbers, "ratio");
        Spread.of(requests).into(numbers, "diskRequestsPerOp");
        return new Finding(id + "-" + kind.name(), kind.title(), "≥ 0.8 × the disk, O_DIRECT",
                String.format(Locale.ROOT, "%.0f MB/s", rate.median()),
                String.format(Locale.ROOT, "%.0f MB/s", direct.median()),
                ratio.text("%.2f"), Finding.Met.of(ratio.median() >= GOAL),
                List.of(String.format(Locale.ROOT, "%.2f disk requests for each call", Spread.of(requests).median()),
                        "hearth: " + Comparison.cost(cost, numbers.putObject("hearth"))),
                numbers);
    }

    /// Empties the kernel's cache of the disk files.
    private static void forget(HearthServer cold) throws IOException, InterruptedException {
        for (JsonNode disk : cold.host().controller().path("disks")) {
            String file = disk.path("file").asText();
            BenchHost.execute(List.of("sync", "-d", file));
            BenchHost.execute(List.of("dd", "if=" + file, "iflag=nocache", "count=0", "status=none"));
        }
    }

    private static double reads(HearthServer cold) throws IOException, InterruptedException {
        double reads = 0;
        for (JsonNode disk : cold.host().controller().path("disks")) {
            reads += disk.path("reads").asDouble();
        }
        return reads;
    }
}
