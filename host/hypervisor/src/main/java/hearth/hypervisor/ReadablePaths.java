package hearth.hypervisor;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Which files a JVM of this JDK needs, besides those that are asked for: as few as it starts with.
final class ReadablePaths {
    // The C library in its parts, wherever the one that this process uses lies; the loader asks for them by name.
    private static final List<String> C_LIBRARY = List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0",
            "librt.so.1", "libgcc_s.so.1", "libstdc++.so.6");
    private static final List<Path> SYSTEM = List.of(Path.of("/lib64/ld-linux-x86-64.so.2"),
            Path.of("/etc/ld.so.cache"), Path.of("/dev/random"), Path.of("/dev/urandom"));
    private static final int JDK_DEPTH = 4;

    private ReadablePaths() {}

    /// The JDK, the system's files that a JVM loads, and `readOnly`: real paths that exist.
    static List<Path> of(Path javaHome, List<Path> readOnly) throws IOException {
        Set<Path> paths = new LinkedHashSet<>();
        Path home = javaHome.toRealPath();
        paths.add(home);
        for (Path path : readOnly) {
            paths.add(path.toRealPath());
        }
        for (Path path : SYSTEM) {
            addIfPresent(paths, path);
        }
        addLibraries(paths, home);
        // Distributions keep a JDK's configuration elsewhere and leave links.
        addTargetsOfLinks(paths, home, home.resolve("conf"));
        addTargetsOfLinks(paths, home, home.resolve("lib"));
        return List.copyOf(paths);
    }

    // The same JDK runs this process, so what this one has loaded is what a guest loads.
    private static void addLibraries(Set<Path> paths, Path home) throws IOException {
        Set<Path> loaded = new LinkedHashSet<>();
        try (BufferedReader maps = Files.newBufferedReader(Path.of("/proc/self/maps"), StandardCharsets.UTF_8)) {
            for (String line = maps.readLine(); line != null; line = maps.readLine()) {
                int slash = line.indexOf('/');
                if (slash >= 0 && line.contains(".so")) {
                    loaded.add(Path.of(line.substring(slash)));
                }
            }
        }
        // Libraries that a jar of domain 0 has unpacked lie in the temporary folder; no guest has them.
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        for (Path library : loaded) {
            if (!library.startsWith(home) && !library.startsWith(temporary)) {
                addIfPresent(paths, library);
            }
            if (library.getFileName().toString().equals("libc.so.6")) {
                for (String part : C_LIBRARY) {
                    addIfPresent(paths, library.resolveSibling(part));
                }
            }
        }
    }

    private static void addTargetsOfLinks(Set<Path> paths, Path home, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        addIfOutside(paths, home, folder);
        try (Stream<Path> entries = Files.walk(folder.toRealPath(), JDK_DEPTH)) {
            for (Path link : entries.filter(Files::isSymbolicLink).toList()) {
                addIfOutside(paths, home, link);
            }
        }
    }

    private static void addIfOutside(Set<Path> paths, Path home, Path link) throws IOException {
        if (Files.exists(link) && !link.toRealPath().startsWith(home)) {
            paths.add(link.toRealPath());
        }
    }

    private static void addIfPresent(Set<Path> paths, Path path) throws IOException {
        if (Files.exists(path)) {
            paths.add(path.toRealPath());
        }
    }
}
