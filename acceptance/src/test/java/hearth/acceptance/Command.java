package hearth.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One finished command: what it printed and how it ended. Output goes through files, so that no pipe ever fills.
record Command(List<String> line, int exit, String out, String err) {

    /// Runs a command to its end, at most `timeoutSeconds`, then kills it and fails.
    static Command run(int timeoutSeconds, List<String> line) {
        try {
            Path out = Files.createTempFile(Host.scratch(), "out", ".txt");
            Path err = Files.createTempFile(Host.scratch(), "err", ".txt");
            Process process = new ProcessBuilder(line)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            boolean ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            var result = new Command(line, process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            if (!ended) {
                throw new AssertionError("took longer than " + timeoutSeconds + " s: " + result);
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static Command run(int timeoutSeconds, String... line) {
        return run(timeoutSeconds, List.of(line));
    }

    /// The same, and it must have ended with 0.
    static Command done(int timeoutSeconds, String... line) {
        return run(timeoutSeconds, line).expect(0);
    }

    Command expect(int wanted) {
        if (exit != wanted) {
            throw new AssertionError("exit " + exit + " instead of " + wanted + ": " + this);
        }
        return this;
    }

    static List<String> join(List<String> first, String... rest) {
        var line = new ArrayList<>(first);
        line.addAll(List.of(rest));
        return line;
    }

    @Override
    public String toString() {
        return String.join(" ", line) + "\nexit " + exit + "\n--- out\n" + tail(out) + "\n--- err\n" + tail(err);
    }

    private static String tail(String text) {
        return text.length() <= 4000 ? text : "…" + text.substring(text.length() - 4000);
    }
}
