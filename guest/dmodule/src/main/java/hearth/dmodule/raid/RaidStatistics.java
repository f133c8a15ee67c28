package hearth.dmodule.raid;

import java.util.concurrent.atomic.LongAdder;

/// What RAID met in this incarnation. Any thread.
public final class RaidStatistics {
    final LongAdder mismatches = new LongAdder();
    final LongAdder readErrors = new LongAdder();
    final LongAdder repaired = new LongAdder();
    final LongAdder dropped = new LongAdder();

    /// Blocks that a member gave with a wrong checksum.
    public long mismatches() {
        return mismatches.sum();
    }

    /// Reads that a member refused.
    public long readErrors() {
        return readErrors.sum();
    }

    /// Blocks that were rewritten from another member.
    public long repaired() {
        return repaired.sum();
    }

    /// Members left behind.
    public long dropped() {
        return dropped.sum();
    }
}
