package hearth.domain0.domain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import hearth.base.Units;

/// How much memory this process may still take: the machine's, and what its control group grants.
final class MemoryAvailable {
    private MemoryAvailable() {}

    /// Bytes, the least of what is known; empty when nothing can be read.
    static OptionalLong bytes() {
        return bytes(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    static OptionalLong bytes(Path proc, Path cgroups) {
        OptionalLong machine = field(proc.resolve("meminfo"), "MemAvailable:");
        long least = machine.isPresent() ? machine.getAsLong() * Units.KIB : Long.MAX_VALUE;
        for (Path group = ownGroup(proc, cgroups); group.startsWith(cgroups); group = group.resolve("..").normalize()) {
            OptionalLong limit = number(group.resolve("memory.max"));
            OptionalLong used = number(group.resolve("memory.current"));
            if (limit.isPresent() && used.isPresent()) {
                // Clean file pages are counted as used and are given back at once.
                long reclaimable = field(group.resolve("memory.stat"), "inactive_file").orElse(0);
                least = Math.min(least, Math.max(0, limit.getAsLong() - used.getAsLong() + reclaimable));
            }
            if (group.equals(cgroups)) {
                break;
            }
        }
        return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least);
    }

    private static Path ownGroup(Path proc, Path cgroups) {
        for (String line : lines(proc.resolve("self/cgroup"))) {
            if (line.startsWith("0::/")) {
                return cgroups.resolve(line.substring("0::/".length())).normalize();
            }
        }
        return cgroups;
    }

    /// The number behind a name at the start of a line; meminfo gives it in KiB, others in bytes.
    private static OptionalLong field(Path file, String name) {
        for (String line : lines(file)) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && words[0].equals(name)) {
                return parse(words[1]);
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? OptionalLong.empty() : parse(lines.getFirst().strip());
    }

    private static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            // "max": no limit.
            return OptionalLong.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return List.of();
        }
    }
}
