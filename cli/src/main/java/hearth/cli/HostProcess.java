package hearth.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether a host's process still runs, from what the kernel says of its number.
final class HostProcess {
    private static final String PROGRAM = "hearth.domain0/";

    private HostProcess() {}

    /// False too for one that has ended and whose parent has not asked how, and for somebody else who got its number.
    static boolean runs(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            // An ended process has no command line any more.
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1).contains(PROGRAM);
        } catch (IOException e) {
            return false;
        }
    }
}
