package hearth.dmodule.filesystem;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.dmodule.filesystem.consistency.CommitLog;
import hearth.dmodule.filesystem.consistency.RootStore;
import hearth.dmodule.filesystem.core.BlockStore;
import hearth.dmodule.filesystem.core.HeapPressure;

/// What a file system stands on, as the wiring gives it.
///
/// @param store RAID and buffer cache
/// @param root the region's root record
/// @param log the NVLOG
/// @param clock time
/// @param events mount, format, a finished intent; nothing that repeats
/// @param limits bounds
public record FileSystemParts(
        BlockStore store,
        RootStore root,
        CommitLog log,
        Clock clock,
        Event.Sink events,
        Limits limits) {

    /// @param intervalMs a consistency point comes at most so long after a change
    /// @param workingSetBlocks clean metadata blocks in the heap, a power of two
    /// @param pressure bounds of dirty state
    public record Limits(long intervalMs, int workingSetBlocks, HeapPressure.Limits pressure) {
        public static final Limits DEFAULT = new Limits(10_000, 4096, HeapPressure.Limits.DEFAULT);
    }
}
