package hearth.system.wiring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.dmodule.buffer.BufferCache;
import hearth.dmodule.disk.DiskMemory;
import hearth.dmodule.disk.Staging;
import hearth.dmodule.filesystem.core.BlockStore;
import hearth.dmodule.filesystem.core.DamagedBlock;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.raid.RaidException;
import hearth.dmodule.raid.RaidSystem;
import hearth.dmodule.raid.WriteBatch;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.ring.TransferFile;

/// RAID and the buffer cache as the file system's blocks. Reads by any thread, writes by the one that runs consistency
/// points.
public final class RaidStore implements BlockStore {
    private static final int LOADS_MAX = 1_000;

    private final RaidSystem raid;
    private final BufferCache cache;
    private Optional<WriteBatch> batch = Optional.empty();
    private MemorySegment room = MemorySegment.NULL;

    public RaidStore(RaidSystem raid, BufferCache cache) {
        this.raid = raid;
        this.cache = cache;
    }

    @Override
    public long blocks() {
        return raid.blocks();
    }

    @Override
    public long labelGeneration() {
        return raid.state().generation().number();
    }

    @Override
    public boolean cached(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset) {
        return cache.find(pointer.vbn(), pointer.crc(), to, toOffset, offset, length);
    }

    @Override
    public void read(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset)
            throws IOException {
        for (int loads = 0; loads < LOADS_MAX; loads++) {
            if (cached(pointer, offset, length, to, toOffset)) {
                return;
            }
            switch (cache.begin(pointer.vbn(), pointer.crc())) {
                case BufferCache.Begun.Started(BufferCache.Fill fill) -> {
                    try (fill) {
                        var frame = new DiskMemory(TransferFile.CACHE, fill.fileOffset(), fill.bytes());
                        readRaid(pointer, frame);
                        DeathPoint.stored(StoreGroup.FRAME);
                        // Before the commit, after which the frame may become another block's.
                        MemorySegment.copy(fill.bytes(), offset, to, toOffset, length);
                        fill.commit();
                    }
                    return;
                }
                case BufferCache.Begun.Waited() -> {
                    // Another reader has brought it, or failed to.
                }
                case BufferCache.Begun.NoFrame() -> {
                    readPast(pointer, offset, length, to, toOffset);
                    return;
                }
            }
        }
        readPast(pointer, offset, length, to, toOffset);
    }

    @Override
    public void gather(List<BlockPointer> run) {
        // Staging first: whoever holds fills must not wait, others may be waiting for these blocks.
        try (Staging staging = raid.staging(run.size())) {
            List<BufferCache.Fill> fills = begin(run);
            try {
                if (!fills.isEmpty()) {
                    fill(run, fills, staging.memory());
                }
            } catch (RaidException e) {
                // Not for the blocks that are fine: each is read again by itself, and that one says what is wrong.
            } finally {
                fills.forEach(BufferCache.Fill::close);
            }
        }
    }

    /// Frames for the first blocks of a run, up to one that has none or that somebody else is bringing.
    private List<BufferCache.Fill> begin(List<BlockPointer> run) {
        List<BufferCache.Fill> fills = new ArrayList<>(run.size());
        for (BlockPointer pointer : run) {
            if (!(cache.tryBegin(pointer.vbn(), pointer.crc()) instanceof BufferCache.Begun.Started started)) {
                break;
            }
            fills.add(started.fill());
        }
        return fills;
    }

    private void fill(List<BlockPointer> run, List<BufferCache.Fill> fills, DiskMemory staging) throws RaidException {
        int[] crcs = new int[fills.size()];
        for (int i = 0; i < crcs.length; i++) {
            crcs[i] = run.get(i).crc();
        }
        raid.read(run.getFirst().vbn(), staging.slice(0, crcs.length), crcs);
        for (int i = 0; i < crcs.length; i++) {
            fills.get(i).copyFrom(staging.slice(i, 1).bytes());
            fills.get(i).commit();
        }
    }

    /// Without a frame: all of the block's set are busy.
    private void readPast(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset)
            throws IOException {
        try (Staging staging = raid.staging(1)) {
            readRaid(pointer, staging.memory());
            MemorySegment.copy(staging.memory().bytes(), offset, to, toOffset, length);
        }
    }

    private void readRaid(BlockPointer pointer, DiskMemory to) throws IOException {
        try {
            raid.read(pointer.vbn(), to, pointer.crc());
        } catch (RaidException e) {
            if (e.kind() == RaidException.Kind.DAMAGED) {
                throw (DamagedBlock) new DamagedBlock(pointer).initCause(e);
            }
            throw e;
        }
    }

    @Override
    public MemorySegment room(long vbn) throws IOException {
        room = openBatch().room(vbn);
        return room;
    }

    @Override
    public void write(long vbn, int crc) {
        cache.put(vbn, crc, room);
    }

    private WriteBatch openBatch() {
        WriteBatch open = batch.orElseGet(raid::batch);
        batch = Optional.of(open);
        return open;
    }

    @Override
    public void flush() throws IOException {
        if (batch.isPresent()) {
            try (WriteBatch open = batch.get()) {
                open.complete();
            } finally {
                batch = Optional.empty();
            }
        }
        raid.flush();
    }

    @Override
    public void writeRoot(long dbn, byte[] block) throws IOException {
        raid.writeRoot(dbn, block);
    }

    @Override
    public List<byte[]> readRoots(long dbn) throws IOException {
        return raid.readRoots(dbn);
    }
}
