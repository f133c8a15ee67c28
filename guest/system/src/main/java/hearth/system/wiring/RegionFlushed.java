package hearth.system.wiring;

import hearth.dmodule.nvlog.FlushedPosition;
import hearth.memory.bell.Doorbell;
import hearth.memory.region.ControlPage;
import hearth.memory.region.JournalState;
import hearth.memory.region.Region;

/// What domain 0's flusher says in `control`.
public final class RegionFlushed implements FlushedPosition {
    private final ControlPage control;
    private final Doorbell bell;

    public RegionFlushed(Region region) {
        control = region.control();
        bell = region.flushedBell();
    }

    @Override
    public long flushedLsn() {
        return control.flushedLsn();
    }

    @Override
    public boolean degraded() {
        return control.journalState() != JournalState.OK;
    }

    @Override
    public int sequence() {
        return bell.sequence();
    }

    @Override
    public void await(int lastSeen, long timeoutNs) {
        bell.await(lastSeen, timeoutNs);
    }
}
