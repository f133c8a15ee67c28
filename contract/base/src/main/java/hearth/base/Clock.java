package hearth.base;

/// Time as it is handed to logic, which never reads a clock of its own.
public interface Clock {
    /// Nanoseconds of a monotonic clock that all processes of one host share (CLOCK_MONOTONIC).
    long monotonicNs();

    /// Nanoseconds since 1970-01-01T00:00:00Z; may jump.
    long wallNs();

    /// The machine's own clock. `System.nanoTime` is CLOCK_MONOTONIC on Linux, so its values compare between processes.
    Clock SYSTEM = new Clock() {
        @Override
        public long monotonicNs() {
            return System.nanoTime();
        }

        @Override
        public long wallNs() {
            var now = java.time.Instant.now();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }
    };
}
