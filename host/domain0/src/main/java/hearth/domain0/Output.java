package hearth.domain0;

import java.io.PrintStream;

/// Where `up` writes: the answer to standard output, everything else where it does not disturb the answer.
///
/// @param json only the answer goes to standard output, as JSON
record Output(boolean json, PrintStream out, PrintStream err) {
    /// What happens, for people.
    void say(String line) {
        (json ? err : out).println(line);
    }

    /// What is wrong.
    void complain(String line) {
        err.println("hearth: " + line);
    }
}
