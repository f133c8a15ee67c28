package hearth.dmodule.filesystem.operation;

import java.util.concurrent.atomic.LongAdder;

/// Counters of the file system's calls, for the heartbeat page. Any thread.
public final class OperationStatistics {
    final LongAdder calls = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder bytesRead = new LongAdder();
    final LongAdder bytesWritten = new LongAdder();
    final LongAdder repeats = new LongAdder();
    final LongAdder restarts = new LongAdder();

    /// Calls answered, failures among them.
    public long calls() {
        return calls.sum();
    }

    /// Calls answered with another status than OK.
    public long failures() {
        return failures.sum();
    }

    public long bytesRead() {
        return bytesRead.sum();
    }

    public long bytesWritten() {
        return bytesWritten.sum();
    }

    /// Calls answered from the duplicate-request table, or dropped because the same call was running.
    public long repeats() {
        return repeats.sum();
    }

    /// Times that an operation started over because a block had to be fetched or had moved.
    public long restarts() {
        return restarts.sum();
    }
}
