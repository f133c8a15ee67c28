package hearth.base.posix;

/// How a process ended.
public sealed interface ExitStatus {
    /// It exited by itself with this code.
    record Exited(int code) implements ExitStatus {
        @Override
        public String toString() {
            return "exit " + code;
        }
    }

    /// A signal ended it.
    record Killed(int signal) implements ExitStatus {
        @Override
        public String toString() {
            return "signal " + signal;
        }
    }
}
