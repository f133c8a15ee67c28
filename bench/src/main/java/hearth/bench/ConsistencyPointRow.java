package hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// How fast a consistency point brings what is dirty to both halves of the mirror, against O_DIRECT writes of the same
/// bytes to two files on the same file system, by as many threads as domain 0 has for its disks and with a flush of
/// both, in turn. Both write places that were written before: what a sparse file costs at its first write is the file
/// system's.
record ConsistencyPointRow(String id, Path folder) implements Row {
    // None by the clock: it would take a part of what is to be measured.
    private static final String CONFIGURATION = """
            controllers:
              - name: a
                disks:
                  - size: %dMiB
                  - size: %dMiB
                volumes:
                  - name: vol0
                memory:
                  log: 128MiB
                guest:
                  consistency-point-interval-ms: 3600000
            """;
    private static final int DISK_MIB = 512;
    private static final int DIRTY_MIB = 48;
    // Until the allocator has been everywhere.
    private static final int WARM_UP_POINTS = DISK_MIB / DIRTY_MIB + 2;
    private static final int HALVES = 2;
    private static final int DISK_THREADS = 8;
    private static final int TRIES = 3;
    private static final double BLOCK_BYTES = 4096;
    private static final double MEGABYTE = 1e6;
    private static final double GOAL = 0.8;

    @Override
    public String title() {
        return "consistency points; goal: ≥ 80% of the disk's own O_DIRECT rate";
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        var ours = new ArrayList<Double>();
        var bare = new ArrayList<Double>();
        var requests = new ArrayList<Double>();
        String configuration = CONFIGURATION.formatted(DISK_MIB, DISK_MIB);
        try (var hearth = new HearthServer(Files.createTempDirectory(folder, "hearth-bench"), configuration);
                var disk = new DirectDisk(folder, HALVES, DIRTY_MIB)) {
            BenchHost host = hearth.host();
            run.client().run(hearth, "fill", BenchRun.wholeFile("dirty", DIRTY_MIB));
            for (int i = 0; i < WARM_UP_POINTS; i++) {
                dirty(run, hearth);
                host.consistencyPoint();
            }
            for (int tries = 0; ours.size() < run.rounds() && tries < TRIES * run.rounds(); tries++) {
                host.consistencyPoint();
                dirty(run, hearth);
                double before = writes(host);
                host.consistencyPoint();
                double wrote = writes(host) - before;
                JsonNode counters = host.controller().path("counters");
                double bytes = counters.path("consistencyPointWrittenBlocks").asDouble() * BLOCK_BYTES * HALVES;
                // A smaller one: something else asked for a consistency point between, and it took the bytes.
                if (bytes >= (double) HALVES * DIRTY_MIB * BenchRun.MIB) {
                    requests.add(wrote);
                    ours.add(bytes / (counters.path("consistencyPointLastNs").asDouble() / 1e9) / MEGABYTE);
                    bare.add(disk.write(BenchRun.MIB, DISK_THREADS) / MEGABYTE);
                }
            }
        }
        ObjectNode numbers = Finding.newNumbers();
        Spread rate = Spread.of(ours);
        Spread direct = Spread.of(bare);
        Spread ratio = Spread.ofRatios(ours, bare);
        rate.into(numbers, "megabytesPerSecond");
        direct.into(numbers, "directMegabytesPerSecond");
        ratio.into(numbers, "ratio");
        Spread.of(requests).into(numbers, "diskWrites");
        return List.of(new Finding(id, "consistency point of " + DIRTY_MIB + " MiB, both halves",
                "≥ 0.8 × the disk, O_DIRECT",
                String.format(Locale.ROOT, "%.0f MB/s", rate.median()),
                String.format(Locale.ROOT, "%.0f MB/s", direct.median()),
                ratio.text("%.2f"),
                ours.isEmpty() ? Finding.Met.UNKNOWN : Finding.Met.of(ratio.median() >= GOAL),
                List.of(String.format(Locale.ROOT, "%.0f disk writes", Spread.of(requests).median())), numbers));
    }

    /// Writes the file anew, without COMMIT, which would itself be answered by a consistency point.
    private static void dirty(BenchRun run, HearthServer hearth) throws IOException, InterruptedException {
        var unstable = new ArrayList<>(BenchRun.wholeFile("dirty", DIRTY_MIB));
        unstable.addAll(List.of("--commit", "0"));
        run.client().run(hearth, "copy", unstable);
    }

    private static double writes(BenchHost host) throws IOException, InterruptedException {
        double writes = 0;
        for (JsonNode disk : host.controller().path("disks")) {
            writes += disk.path("writes").asDouble();
        }
        return writes;
    }
}
