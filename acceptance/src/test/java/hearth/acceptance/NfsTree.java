package hearth.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.awaitility.Awaitility;

/// The client `nfstree` (src/test/c), compiled when libnfs-dev and a C compiler are there.
final class NfsTree {
    private static final Path SOURCE = Host.projectFolder().resolve("acceptance/src/test/c/nfstree.c");
    private static final Path PROGRAM = Host.projectFolder().resolve("acceptance/target/nfstree");

    private NfsTree() {}

    /// Why the client cannot be used here, or nothing when it can.
    static synchronized Optional<String> missing() {
        if (!Files.exists(Path.of("/usr/include/nfsc/libnfs.h"))) {
            return Optional.of("libnfs-dev is not installed: apt-get install libnfs-dev libnfs-utils gcc libc6-dev");
        }
        if (!Files.exists(Path.of("/usr/bin/nfs-ls"))) {
            return Optional.of("libnfs-utils is not installed: apt-get install libnfs-utils");
        }
        try {
            if (!Files.exists(PROGRAM)
                    || Files.getLastModifiedTime(PROGRAM).compareTo(Files.getLastModifiedTime(SOURCE)) < 0) {
                Command.done(60, "cc", "-O2", "-Wall", "-o", PROGRAM.toString(), SOURCE.toString(), "-lnfs");
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Command run(int timeoutSeconds, String... arguments) {
        return tried(timeoutSeconds, arguments).expect(0);
    }

    /// The same, and it may fail.
    static Command tried(int timeoutSeconds, String... arguments) {
        return Command.run(timeoutSeconds, line(arguments));
    }

    /// Starts the client in the background; its output goes to `log`.
    static Process start(Path log, String... arguments) throws IOException {
        return new ProcessBuilder(line(arguments))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /// Waits until a client that was started has said something: it is mounted, and can come back from then on.
    static void awaitBegun(Process client, Path log) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !client.isAlive() || Files.size(log) > 0);
    }

    private static List<String> line(String... arguments) {
        var line = new ArrayList<String>(List.of(PROGRAM.toString()));
        line.addAll(List.of(arguments));
        return line;
    }
}
