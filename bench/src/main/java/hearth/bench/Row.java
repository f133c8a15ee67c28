package hearth.bench;

/// A line of the table: something measured against a goal.
interface Row {
    /// The name that `--only` takes.
    String id();

    String title();

    /// The goal in words.
    String goal();

    Finding measure(BenchRun run) throws Exception;
}
