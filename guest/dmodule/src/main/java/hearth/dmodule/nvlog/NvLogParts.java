package hearth.dmodule.nvlog;

import hearth.memory.duplicates.DuplicateTable;
import hearth.memory.index.DirtyIndex;
import hearth.memory.log.LogArea;
import hearth.memory.region.Area;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;

/// What an [NvLog] stands on: the areas of the region, what the flusher says, and how to wake the flusher when
/// somebody waits for it.
public record NvLogParts(
        LogArea area,
        DirtyIndex index0,
        DirtyIndex index1,
        DuplicateTable duplicates,
        FlushedPosition flushed,
        Runnable wakeFlusher) {

    /// All of it from a region.
    public static NvLogParts of(Region region) {
        RegionGeometry geometry = region.geometry();
        LogArea log = new LogArea(region.area(Area.LOG).memory(), geometry.logHalfBytes(), region.instance());
        int indexEntries = geometry.indexEntriesPerHalf();
        return new NvLogParts(
                log,
                new DirtyIndex(region.area(Area.INDEX_0).memory(), indexEntries),
                new DirtyIndex(region.area(Area.INDEX_1).memory(), indexEntries),
                new DuplicateTable(region.area(Area.DUPLICATES).memory(), geometry.duplicateEntries(),
                        region.instance()),
                new ControlFlushedPosition(region),
                region.control().logBell(log.bellWord())::ring);
    }
}
