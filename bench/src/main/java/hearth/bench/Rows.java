package hearth.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The table's rows, in its order.
final class Rows {
    private static final String FILE = "" + ((long) BenchRun.DATA_MIB << 20);
    private static final String MIB = "" + (1 << 20);

    private Rows() {}

    /// @param folder where rows may put files and hosts of their own
    static List<Row> all(Path folder) {
        return List.of(
                load("read4k", "4 KiB random cached reads, 1 connection, depth 32", 1.2, true, "ops/s", "read",
                        "--block", "4096", "--depth", "32"),
                load("write4k", "4 KiB random unstable writes, 1 connection, depth 32", 1.2, false, "ops/s", "write",
                        "--block", "4096", "--depth", "32"),
                load("read1m", "1 MiB sequential cached reads", 1, false, "MB/s", "read", "--block", MIB, "--depth",
                        "4", "--sequential", "1"),
                load("write1m", "1 MiB sequential writes with their COMMIT", 1, false, "MB/s", "copy", "--block", MIB,
                        "--depth", "4"),
                load("read4k8", "4 KiB random cached reads, 8 connections", 1, false, "ops/s", "read",
                        "--block", "4096", "--depth", "8", "--connections", "8"),
                load("write4k8", "4 KiB random unstable writes, 8 connections", 1, false, "ops/s", "write",
                        "--block", "4096", "--depth", "8", "--connections", "8"),
                qemu("qemuread4k", "4 KiB sequential cached reads by qemu-img, depth 32", 4096, 32, false),
                qemu("qemuwrite4k", "4 KiB sequential unstable writes by qemu-img, depth 32", 4096, 32, true),
                qemu("qemuread1m", "1 MiB sequential cached reads by qemu-img, depth 4", 1 << 20, 4, false),
                qemu("qemuwrite1m", "1 MiB sequential unstable writes by qemu-img, depth 4", 1 << 20, 4, true),
                new MetadataRow("metadata", 10_000),
                new LargeDirectoryRow("directory", 100_000),
                new CfRow("cf"),
                new StableRow("stable"),
                new ColdReadRow("cold", folder),
                new ConsistencyPointRow("consistency", folder),
                new IdleRow("idle", folder),
                new ResidentRow("resident"));
    }

    private static Row qemu(String id, String title, int blockBytes, int depth, boolean write) {
        String unit = blockBytes == 1 << 20 ? "MB/s" : "ops/s";
        return new QemuRow(new Comparison(id, title, 1, false, unit), blockBytes, depth, write);
    }

    private static Row load(
            String id, String title, double goal, boolean cpu, String unit, String work, String... options) {
        var all = new ArrayList<>(List.of("--file", "data", "--size", FILE));
        all.addAll(List.of(options));
        return new LoadRow(new Comparison(id, title, goal, cpu, unit), work, List.copyOf(all));
    }
}
