package hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What `/proc` says of a process.
final class Processes {
    // The unit of times in /proc/PID/stat, fixed at 100 a second on x86-64.
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;
    private static final double KIBIBYTE = 1024;
    private static final double MEGABYTE = 1e6;

    private Processes() {}

    /// Processor time so far, in user and kernel.
    static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", "" + pid, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[SYSTEM_FIELD])) / TICKS_PER_SECOND;
    }

    /// Resident memory that is the process's own or of files that it maps, in megabytes; shared memory, which the
    /// region is, does not count.
    static double residentMb(long pid) throws IOException {
        double kib = 0;
        for (String line : Files.readAllLines(Path.of("/proc", "" + pid, "status"))) {
            if (line.startsWith("RssAnon:") || line.startsWith("RssFile:")) {
                kib += Double.parseDouble(List.of(line.split("\\s+")).get(1));
            }
        }
        return kib * KIBIBYTE / MEGABYTE;
    }
}
