package hearth.dmodule.filesystem;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

import hearth.base.Check;
import hearth.base.Event;
import hearth.dmodule.filesystem.consistency.Aggregate;
import hearth.dmodule.filesystem.consistency.ConsistencyPoints;
import hearth.dmodule.filesystem.consistency.Schedule;
import hearth.dmodule.filesystem.core.DamagedBlock;
import hearth.dmodule.filesystem.core.FsAccess;
import hearth.dmodule.filesystem.core.FsLock;
import hearth.dmodule.filesystem.core.FsState;
import hearth.dmodule.filesystem.core.HeapState;
import hearth.dmodule.filesystem.core.InodeCodec;
import hearth.dmodule.filesystem.core.MetaBlocks;
import hearth.dmodule.filesystem.core.SpaceAccounting;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;
import hearth.dmodule.filesystem.format.VolumeLayout;
import hearth.dmodule.filesystem.format.VolumeRecord;
import hearth.dmodule.filesystem.tree.FileTree;
import hearth.dmodule.filesystem.tree.TreeReader;
import hearth.memory.cache.FramePins;

import static hearth.base.Units.BLOCK_SIZE;

/// A mounted aggregate. Has no thread: the wiring runs `run` on one of its own, and halts the guest if that throws.
///
/// After `mount` the caller replays the log (`state().applying()` under the exclusive lock, records after `lastLsn()`),
/// and only then lets clients in.
public final class FileSystem implements FsAccess {
    private final FileSystemParts parts;
    private final FsLock lock = new FsLock();
    private final MetaBlocks blocks;
    private final Aggregate aggregate;
    private final HeapState state;
    private final ConsistencyPoints points;
    private final Schedule schedule;
    private final VolumeAdministration volumes;

    private FileSystem(FileSystemParts parts, MetaBlocks blocks, Aggregate aggregate) {
        this.parts = parts;
        this.blocks = blocks;
        this.aggregate = aggregate;
        state = new HeapState(aggregate.id(), lock, blocks, parts.limits().pressure());
        points = new ConsistencyPoints(
                aggregate, state, lock, parts.store(), parts.root(), parts.log(), parts.clock());
        schedule = new Schedule(points, state.pressure(), parts.limits().intervalMs());
        points.publishSpace();
        volumes = new VolumeAdministration(this, state);
    }

    /// Makes a new aggregate on disks that hold none, and its first volumes. Durable at return.
    ///
    /// @param aggregateId random, not zero; the labels carry it too
    public static FileSystem format(FileSystemParts parts, long aggregateId, List<NewVolume> volumes)
            throws IOException {
        var blocks = new MetaBlocks(parts.store(), parts.limits().workingSetBlocks());
        var aggregate = Aggregate.fresh(aggregateId, parts.store().blocks(), blocks);
        var made = new FileSystem(parts, blocks, aggregate);
        made.lock.exclusive();
        try {
            for (NewVolume volume : volumes) {
                made.volumes.add(volume, parts.clock().wallNs());
            }
        } finally {
            made.lock.leaveExclusive();
        }
        made.schedule.step();
        parts.events().accept(Event.of(parts.clock(), "filesystem.formatted",
                "blocks", parts.store().blocks(), "volumes", volumes.size()));
        return made;
    }

    /// Mounts the root that the region holds. Reads no disk, unless the aggregate has more volumes than fsinfo holds
    /// and their records left the cache. A root that was on its way to the disks is mounted, and the first consistency
    /// point, which is asked for at once, writes it again before anything else.
    public static MountResult mountFromRegion(FileSystemParts parts) throws IOException {
        return new Roots(parts).fromRegion();
    }

    /// Mounts the newest root of the current members (or of the region, if it has a newer one on its way), after
    /// writing it in all its places.
    ///
    /// @param generationMin what is known to have been durable; finding less is refused rather than going back
    public static MountResult mountFromDisks(FileSystemParts parts, long generationMin) throws IOException {
        return new Roots(parts).fromDisks(generationMin);
    }

    long nowNs() {
        return parts.clock().wallNs();
    }

    static FileSystem of(FileSystemParts parts, FsInfo info) throws IOException {
        var blocks = new MetaBlocks(parts.store(), parts.limits().workingSetBlocks());
        var mounted = new FileSystem(parts, blocks, new Aggregate(info, blocks));
        mounted.loadVolumes(info);
        return mounted;
    }

    void finishFirst(FsInfo intent) {
        points.finishFirst(intent);
        schedule.request();
    }

    private void loadVolumes(FsInfo info) throws IOException {
        state.mountTable(info.volumeSlots(), info.nextVolumeId(), info.lastChange());
        FileTree table = InodeCodec.tree(info.volumeTable(), 0);
        for (int slot = 0; slot < info.volumeSlots(); slot++) {
            byte[] from = info.volumes();
            int offset = slot * VolumeLayout.SIZE;
            if (slot >= FsInfoLayout.VOLUMES_INLINE) {
                int place = slot - FsInfoLayout.VOLUMES_INLINE;
                BlockPointer pointer = TreeReader.find(table, place / VolumeLayout.PER_BLOCK, blocks::load);
                from = pointer.isHole() ? new byte[BLOCK_SIZE] : blocks.load(pointer);
                offset = place % VolumeLayout.PER_BLOCK * VolumeLayout.SIZE;
            }
            int at = slot;
            VolumeRecord.decode(from, offset).ifPresent(record -> state.mount(record, at));
        }
        points.mounted();
    }

    @Override
    public FsLock lock() {
        return lock;
    }

    @Override
    public FsState state() {
        return state.view();
    }

    /// The aggregate's random id.
    public long aggregateId() {
        return aggregate.id();
    }

    /// Generation of the last durable consistency point.
    public long generation() {
        return aggregate.generation();
    }

    /// The last log record that it includes: replay starts behind it.
    public long lastLsn() {
        return aggregate.lastLsn();
    }

    /// For the administrator's changes.
    public VolumeAdministration volumes() {
        return volumes;
    }

    /// What the last consistency point did.
    public ConsistencyPoints.Last lastConsistencyPoint() {
        return points.last();
    }

    @Override
    public void fetch(BlockPointer pointer) throws IOException {
        blocks.load(pointer);
    }

    @Override
    public boolean copyCached(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset) {
        return parts.store().cached(pointer, offset, length, to, toOffset);
    }

    @Override
    public void touchCached(BlockPointer pointer, FramePins pins) {
        parts.store().touch(pointer, pins);
    }

    @Override
    public boolean pinCached(BlockPointer pointer, int offset, int length, FramePins pins) {
        return parts.store().pinned(pointer, offset, length, pins);
    }

    @Override
    public boolean read(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset)
            throws IOException {
        try {
            parts.store().read(pointer, offset, length, to, toOffset);
            return true;
        } catch (DamagedBlock e) {
            // Freed and reused since the caller looked, or damaged: resolving again tells.
            return false;
        }
    }

    @Override
    public void gather(List<BlockPointer> run) {
        parts.store().gather(run);
    }

    @Override
    public void requestConsistencyPoint(String reason) {
        schedule.request();
    }

    @Override
    public void awaitConsistencyPoint(String reason) {
        schedule.await();
    }

    @Override
    public boolean makeRoom(long wanted, SpaceAccounting.Use use) {
        Check.that(!lock.heldExclusive(), "waiting for room with the lock held");
        for (int tries = 0; ; tries++) {
            lock.shared();
            try {
                if (state.space().fits(wanted, use)) {
                    return true;
                }
                if (tries == 3 || !state.space().couldFit(wanted, use)) {
                    return false;
                }
            } finally {
                lock.leaveShared();
            }
            schedule.await();
        }
    }

    @Override
    public void admit() {
        schedule.admit();
    }

    @Override
    public boolean tryAdmit() {
        return schedule.tryAdmit();
    }

    /// Runs consistency points until `stop`.
    ///
    /// @throws IOException the aggregate cannot be written any more: the guest ends
    public void run() throws IOException {
        schedule.run();
    }

    /// One consistency point now, on this thread.
    public void step() throws IOException {
        schedule.step();
    }

    /// Ends `run`. What is not in a consistency point yet stays in the log.
    public void stop() {
        schedule.stop();
    }
}
