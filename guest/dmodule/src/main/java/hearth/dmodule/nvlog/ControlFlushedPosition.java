package hearth.dmodule.nvlog;

import hearth.memory.bell.Doorbell;
import hearth.memory.region.ControlPage;
import hearth.memory.region.JournalState;
import hearth.memory.region.Region;

/// The flusher's words in the `control` file, and the bell that domain 0 rings when one of them moved.
final class ControlFlushedPosition implements FlushedPosition {
    private final ControlPage control;
    private final Doorbell bell;

    ControlFlushedPosition(Region region) {
        this.control = region.control();
        this.bell = region.flushedBell();
    }

    @Override
    public long flushedLsn() {
        return control.flushedLsn();
    }

    @Override
    public boolean degraded() {
        return control.journalState() == JournalState.DEGRADED;
    }

    @Override
    public int sequence() {
        return bell.sequence();
    }

    @Override
    public void await(int lastSeen, long timeoutNs) {
        int unused = bell.await(lastSeen, timeoutNs);
    }
}
