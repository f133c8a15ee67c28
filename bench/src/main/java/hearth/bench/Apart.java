package hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs this program again in a network and a mount namespace of its own: peers want well-known ports and folders, and
/// neither this machine's ports nor its folders are theirs to take.
final class Apart {
    private static final String MARK = "HEARTH_BENCH_APART";
    private static final List<String> OWN_FOLDERS = List.of("/run", "/var/lib/nfs");

    private Apart() {}

    static boolean is() {
        return System.getenv(MARK) != null;
    }

    /// Runs the same command line apart, and gives its exit code.
    static int again(List<String> arguments) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("unshare", "--net", "--mount", BenchHost.launcher().toString(), "bench"));
        line.addAll(arguments);
        var builder = new ProcessBuilder(line).inheritIO();
        builder.environment().put(MARK, "1");
        return builder.start().waitFor();
    }

    /// The namespace's first steps: its loopback, and folders that only this run sees.
    static void settle() throws IOException, InterruptedException {
        BenchHost.execute(List.of("ip", "link", "set", "lo", "up"));
        for (String folder : OWN_FOLDERS) {
            Files.createDirectories(Path.of(folder));
            BenchHost.execute(List.of("mount", "-t", "tmpfs", "none", folder));
        }
        Files.createDirectories(Path.of("/run/ganesha"));
        Files.createDirectories(Path.of("/var/lib/nfs/ganesha"));
    }
}
