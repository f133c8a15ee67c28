package hearth.system.serving;

import hearth.dmodule.buffer.BufferStatistics;
import hearth.dmodule.disk.DiskStatistics;
import hearth.dmodule.filesystem.FileSystem;
import hearth.dmodule.filesystem.consistency.ConsistencyPoints;
import hearth.dmodule.filesystem.core.SpaceAccounting;
import hearth.dmodule.filesystem.operation.OperationStatistics;
import hearth.memory.region.Counter;
import hearth.memory.region.HeartbeatPage;
import hearth.nmodule.net.NetStatistics;
import hearth.system.boot.Booted;
import hearth.system.wiring.Heartbeat;
import hearth.system.wiring.RaidCounters;

/// Copies every part's counters into the heartbeat page, where domain 0 reads them, also after this guest's death. The
/// heartbeat's thread only.
public final class GuestCounters implements Heartbeat.Load {
    /// Beats between two looks at what costs more than a few loads: all sets of the cache, the heap.
    private static final int RARE_BEATS = 40;

    private final Booted booted;
    private int beats;

    public GuestCounters(Booted booted) {
        this.booted = booted;
    }

    @Override
    public long answers() {
        NetStatistics net = booted.server().statistics();
        return net.callsTotal() - net.inFlight();
    }

    @Override
    public long oldestRequestNs() {
        return booted.server().statistics().oldestStartNs();
    }

    @Override
    public void copyCounters(HeartbeatPage page) {
        copyNet(page);
        copyProcedures(page);
        copyFileSystem(page);
        copyDisks(page);
        if (beats++ % RARE_BEATS == 0) {
            page.setCounter(Counter.CACHE_FRAMES_USED, booted.cache().usedFrames());
            page.setCounter(Counter.CACHE_FRAMES, booted.cache().frames());
            Runtime runtime = Runtime.getRuntime();
            page.setCounter(Counter.HEAP_USED_BYTES, runtime.totalMemory() - runtime.freeMemory());
        }
    }

    private void copyNet(HeartbeatPage page) {
        NetStatistics net = booted.server().statistics();
        page.setCounter(Counter.ANSWERS, answers());
        page.setCounter(Counter.FAILED_ANSWERS, net.errorsTotal() + net.rpcErrors());
        page.setCounter(Counter.BYTES_IN, net.bytesIn());
        page.setCounter(Counter.BYTES_OUT, net.bytesOut());
        page.setCounter(Counter.CONNECTIONS, net.connections());
        page.setCounter(Counter.REQUESTS_RUNNING, net.inFlight());
        page.setCounter(Counter.CONNECTIONS_ACCEPTED, net.connectionsTotal());
        page.setCounter(Counter.CONNECTIONS_REFUSED, net.connectionsRefused());
        page.setCounter(Counter.CONNECTIONS_EVICTED, net.connectionsEvicted());
        page.setCounter(Counter.CALLS_DROPPED, net.droppedCalls());
        page.setCounter(Counter.CALLS_REFUSED, net.rpcErrors());
    }

    private void copyProcedures(HeartbeatPage page) {
        NetStatistics net = booted.server().statistics();
        for (int procedure = 0; procedure < NetStatistics.PROCEDURES; procedure++) {
            page.setProcedure(procedure, net.calls(procedure), net.errors(procedure));
        }
    }

    private void copyFileSystem(HeartbeatPage page) {
        OperationStatistics operations = booted.operations().statistics();
        page.setCounter(Counter.OPERATIONS, operations.calls());
        page.setCounter(Counter.OPERATION_ERRORS, operations.failures());
        page.setCounter(Counter.DUPLICATE_HITS, operations.repeats());
        page.setCounter(Counter.DUPLICATES_REFUSED, booted.log().refusedAnswers());
        page.setCounter(Counter.LOG_USED_BYTES, booted.log().usedBytes());
        page.setCounter(Counter.LOG_HALF_BYTES, booted.log().halfBytes());
        page.setCounter(Counter.LOG_APPENDED_BYTES, booted.log().appendedBytes());
        page.setCounter(Counter.LOG_RECORDS, booted.log().liveRecords());
        page.setCounter(Counter.LOG_LAST_LSN, booted.log().lastLsn());
        FileSystem fileSystem = booted.fileSystem();
        ConsistencyPoints.Last last = fileSystem.lastConsistencyPoint();
        page.setCounter(Counter.CONSISTENCY_POINTS, fileSystem.generation());
        page.setCounter(Counter.CONSISTENCY_POINT_LAST_NS, last.elapsedNs());
        page.setCounter(Counter.CONSISTENCY_POINT_WRITTEN_BLOCKS, last.writtenBlocks());
        fileSystem.lock().shared();
        try {
            SpaceAccounting space = fileSystem.state().space();
            page.setCounter(Counter.TOTAL_BLOCKS, space.totalBlocks());
            page.setCounter(Counter.FREE_BLOCKS, space.freeBlocks());
            page.setCounter(Counter.RESERVED_BLOCKS, space.reservedBlocks());
        } finally {
            fileSystem.lock().leaveShared();
        }
    }

    private void copyDisks(HeartbeatPage page) {
        BufferStatistics cache = booted.cache().statistics();
        page.setCounter(Counter.CACHE_HITS, cache.hits());
        page.setCounter(Counter.CACHE_MISSES, cache.misses());
        page.setCounter(Counter.CACHE_REFUSED, cache.refused());
        page.setCounter(Counter.CACHE_VERIFIED, cache.verified());
        page.setCounter(Counter.CACHE_FILLS, cache.fills());
        DiskStatistics disks = booted.disks().statistics();
        page.setCounter(Counter.DISK_READS, disks.reads());
        page.setCounter(Counter.DISK_WRITES, disks.writes());
        page.setCounter(Counter.DISK_FLUSHES, disks.flushes());
        page.setCounter(Counter.DISK_ERRORS, disks.errors());
        RaidCounters.publish(page, booted.raid().state());
        page.setCounter(Counter.RAID_REPAIRED_BLOCKS, booted.raid().statistics().repaired());
    }
}
