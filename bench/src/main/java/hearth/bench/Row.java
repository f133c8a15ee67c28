package hearth.bench;

import java.util.List;

/// Something to measure, against one goal or several.
interface Row {
    /// The name that `--only` takes.
    String id();

    /// What is measured, and the goal.
    String title();

    List<Finding> measure(BenchRun run) throws Exception;
}
