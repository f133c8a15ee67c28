package hearth.dmodule.filesystem.operation;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.base.Units;
import hearth.dmodule.filesystem.consistency.CommitLog;
import hearth.dmodule.nvlog.NvLog;

/// The NVLOG as consistency points use it. For formatting, the log has to be open already (`NvLog.replay` on an empty
/// log).
record NvCommitLog(NvLog log) implements CommitLog {
    @Override
    public long freeze(long generation) {
        return log.freeze().lastLsn();
    }

    @Override
    public void durable(long lastLsn, long generation) {
        log.durable(lastLsn, generation);
    }

    @Override
    public void copyPayload(long payloadRef, MemorySegment to, long toOffset) {
        // Its records are in no durable consistency point yet, so their half cannot have been used again.
        boolean copied = log.copyPayload(payloadRef, 0, to, toOffset, Units.BLOCK_SIZE);
        Check.that(copied, "payload of a frozen record left the log", payloadRef);
    }
}
