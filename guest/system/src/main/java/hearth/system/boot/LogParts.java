package hearth.system.boot;

import java.util.Optional;

import hearth.dmodule.nvlog.NvLog;
import hearth.dmodule.nvlog.NvLogParts;
import hearth.memory.bell.Doorbell;
import hearth.memory.duplicates.DuplicateTable;
import hearth.memory.index.DirtyIndex;
import hearth.memory.log.LogArea;
import hearth.memory.region.Area;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.system.wiring.RegionFlushed;

/// The log's areas of the region, put together.
final class LogParts {
    private LogParts() {}

    static LogArea area(Region region) throws BootException {
        var area = new LogArea(
                region.area(Area.LOG).memory(), region.geometry().logHalfBytes(), region.instance());
        Optional<String> complaint = area.complaint();
        if (complaint.isPresent()) {
            throw new BootException(BootException.Kind.LOG, complaint.get());
        }
        return area;
    }

    static NvLog open(LogArea area, BootEnvironment env) {
        Region region = env.region();
        RegionGeometry geometry = region.geometry();
        Doorbell bell = region.control().logBell(area.bellWord());
        int entries = geometry.indexEntriesPerHalf();
        var parts = new NvLogParts(
                area,
                new DirtyIndex(region.area(Area.INDEX_0).memory(), entries),
                new DirtyIndex(region.area(Area.INDEX_1).memory(), entries),
                new DuplicateTable(
                        region.area(Area.DUPLICATES).memory(), geometry.duplicateEntries(), region.instance()),
                new RegionFlushed(region),
                bell::ring);
        return new NvLog(parts, env.assign().incarnation(), env.clock(), env.events());
    }
}
