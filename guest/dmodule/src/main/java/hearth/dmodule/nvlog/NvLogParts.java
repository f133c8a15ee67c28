package hearth.dmodule.nvlog;

import hearth.memory.duplicates.DuplicateTable;
import hearth.memory.index.DirtyIndex;
import hearth.memory.log.LogArea;

/// What an [NvLog] stands on: the areas of the region, what the flusher says, and how to wake the flusher after a
/// commit.
public record NvLogParts(
        LogArea area,
        DirtyIndex index0,
        DirtyIndex index1,
        DuplicateTable duplicates,
        FlushedPosition flushed,
        Runnable wakeFlusher) {}
