package hearth.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/// What a command line came to, run in this process.
record Ran(int exit, String out, String err) {
    static Ran of(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
        return new Ran(exit, out.toString(), err.toString());
    }

    /// The same, of the host with this data directory.
    static Ran on(Path data, String... words) {
        return of(Stream.concat(Arrays.stream(words), Stream.of("--data", data.toString())).toArray(String[]::new));
    }
}
