package hearth.domain0;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import hearth.base.posix.Descriptors;
import hearth.base.posix.PosixException;
import hearth.base.posix.Processes;

/// A host in the background, seen from both sides. The starter runs the same command line once more and waits: the host
/// writes to the starter's terminal until it serves, says so, and then leaves the terminal for good. A host that fails
/// before that is seen to fail: its complaint stands on the terminal, its exit code is the starter's.
final class Detached {
    /// The hidden option of the second command line.
    static final String OPTION = "--detached-from-starter";

    private static final String READY = "\0ready";
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;
    private static final int LOG_MODE = 0600;

    private Detached() {}

    /// The starter's side: returns its exit code.
    static int start(List<String> arguments, Output output) throws IOException, InterruptedException {
        Process host = new ProcessBuilder(commandLine(arguments.size()))
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        boolean ready = false;
        try (BufferedReader lines = host.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(READY)) {
                    ready = true;
                } else {
                    output.out().println(line);
                }
            }
        }
        if (ready) {
            return 0;
        }
        int exit = host.waitFor();
        // Ended in order, but by somebody else's wish: it does not run, and that was asked for.
        return exit == 0 ? 1 : exit;
    }

    private static List<String> commandLine(int arguments) throws IOException {
        String own = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
        var line = new ArrayList<>(List.of(own.split("\0", -1)));
        // Each word ends with a NUL, so the last piece is empty.
        line.removeLast();
        // Behind the verb, before what else was said.
        line.add(line.size() - arguments + 1, OPTION);
        return line;
    }

    /// The host's side: it serves. From here on it writes to `log`, and its starter's terminal may end.
    static void ready(Path log, Output output) throws PosixException {
        output.out().println(READY);
        output.out().flush();
        Processes.newSession();
        int fd = Descriptors.open(
                log, Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_APPEND, LOG_MODE);
        // The starter sees the end of its pipe, and ends too.
        Descriptors.replace(STANDARD_OUTPUT, fd);
        Descriptors.replace(STANDARD_ERROR, fd);
        Descriptors.close(fd);
    }
}
