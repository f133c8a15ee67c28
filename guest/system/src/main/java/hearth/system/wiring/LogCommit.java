package hearth.system.wiring;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.base.Units;
import hearth.dmodule.filesystem.consistency.CommitLog;
import hearth.dmodule.nvlog.NvLog;

/// The NVLOG as a consistency point uses it.
public final class LogCommit implements CommitLog {
    private final NvLog log;

    public LogCommit(NvLog log) {
        this.log = log;
    }

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
        // Its half is freed by `durable` only, which comes after.
        Check.that(log.copyPayload(payloadRef, 0, to, toOffset, Units.BLOCK_SIZE),
                "a half was used again before its consistency point", payloadRef);
    }
}
