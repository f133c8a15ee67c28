package hearth.domain0;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import sun.misc.Signal;

/// Ctrl-C and its relatives. A shutdown hook would hear the first one only, and could not choose the exit code.
final class Signals {
    private static final List<String> ENDING = List.of("INT", "TERM", "HUP");

    private Signals() {}

    /// From now on `ending` runs at each signal that asks for the end, instead of the end. What was ignored when the
    /// program began (a job that outlives its terminal) stays ignored.
    static void handle(Runnable ending) {
        long ignored = ignored();
        for (String name : ENDING) {
            var signal = new Signal(name);
            if ((ignored >> (signal.getNumber() - 1) & 1) == 0) {
                Signal.handle(signal, _ -> ending.run());
            }
        }
    }

    /// The kernel's mask of ignored signals, bit 0 for signal 1.
    private static long ignored() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("SigIgn:")) {
                    return Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
                }
            }
        } catch (IOException e) {
            // Nothing is known to be ignored.
        }
        return 0;
    }
}
