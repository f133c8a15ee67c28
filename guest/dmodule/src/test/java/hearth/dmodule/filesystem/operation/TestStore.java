package hearth.dmodule.filesystem.operation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import hearth.base.Units;
import hearth.dmodule.filesystem.core.BlockStore;
import hearth.dmodule.filesystem.core.DamagedBlock;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.memory.cache.CacheMemory;
import hearth.memory.cache.CachePlan;
import hearth.memory.cache.FramePins;

/// A disk in memory behind a small cache: a block is in the cache once it was read or written, until others push it
/// out or the test drops it. Outlives the guest.
final class TestStore implements BlockStore {
    private final int blocks;
    private final int cacheBlocks;
    private final MemorySegment disk;
    private final Map<Long, byte[]> roots = new ConcurrentHashMap<>();
    private final Map<Long, Boolean> cache = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > cacheBlocks;
        }
    };
    private final MemorySegment room = Arena.ofAuto().allocate(Units.BLOCK_SIZE, Long.BYTES);
    private final Set<Long> damaged = ConcurrentHashMap.newKeySet();
    private long reads;

    /// Small, so that frames are used again all the time.
    final CacheMemory frames;

    TestStore(int blocks, int cacheBlocks) {
        this.blocks = blocks;
        this.cacheBlocks = cacheBlocks;
        var plan = CachePlan.of(0, Units.MIB);
        var memory = Arena.ofAuto().allocate(plan.endOffset(), Units.BLOCK_SIZE);
        CacheMemory.format(memory, plan);
        frames = new CacheMemory(memory, plan, 1, _ -> false);
        disk = Arena.ofAuto().allocate((long) blocks * Units.BLOCK_SIZE, Units.BLOCK_SIZE);
    }

    synchronized void dropCache() {
        cache.clear();
    }

    synchronized long reads() {
        return reads;
    }

    void damage(long vbn) {
        damaged.add(vbn);
    }

    @Override
    public long blocks() {
        return blocks;
    }

    @Override
    public long labelGeneration() {
        return 1;
    }

    @Override
    public synchronized boolean cached(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset) {
        if (!cache.containsKey(pointer.vbn())) {
            return false;
        }
        return copy(pointer, offset, length, to, toOffset);
    }

    /// Through a real cache, which gets what is pinned.
    @Override
    public synchronized boolean pinned(BlockPointer pointer, int offset, int length, FramePins pins) {
        var block = Arena.ofAuto().allocate(Units.BLOCK_SIZE);
        if (!cached(pointer, 0, Units.BLOCK_SIZE, block, 0)) {
            return false;
        }
        if (frames.pin(0, pointer.vbn(), pointer.crc(), offset, length, pins)) {
            return true;
        }
        var fill = frames.begin(0, pointer.vbn(), pointer.crc());
        if (fill.isEmpty()) {
            return false;
        }
        fill.get().bytes().copyFrom(block);
        return fill.get().commit()
                && frames.pin(0, pointer.vbn(), pointer.crc(), offset, length, pins);
    }

    private boolean copy(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset) {
        byte[] block = new byte[Units.BLOCK_SIZE];
        long from = pointer.vbn() * Units.BLOCK_SIZE;
        MemorySegment.copy(disk, ValueLayout.JAVA_BYTE, from, block, 0, block.length);
        if (Bytes.crc(block) != pointer.crc() || damaged.contains(pointer.vbn())) {
            return false;
        }
        MemorySegment.copy(block, offset, to, ValueLayout.JAVA_BYTE, toOffset, length);
        return true;
    }

    /// The block itself, past the cache, for the checker.
    byte[] block(BlockPointer pointer) {
        byte[] block = new byte[Units.BLOCK_SIZE];
        MemorySegment.copy(disk, ValueLayout.JAVA_BYTE, pointer.vbn() * Units.BLOCK_SIZE, block, 0, block.length);
        return block;
    }

    @Override
    public synchronized void read(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset)
            throws DamagedBlock {
        reads++;
        if (!copy(pointer, offset, length, to, toOffset)) {
            throw new DamagedBlock(pointer);
        }
        cache.put(pointer.vbn(), true);
    }

    @Override
    public MemorySegment room(long vbn) {
        return room;
    }

    @Override
    public synchronized void write(long vbn, int crc) {
        MemorySegment.copy(room, 0, disk, vbn * Units.BLOCK_SIZE, Units.BLOCK_SIZE);
        cache.put(vbn, true);
    }

    @Override
    public void flush() {
        // Writing is durable here; what a lost write does is tested where consistency points are.
    }

    @Override
    public void writeRoot(long dbn, byte[] block) {
        roots.put(dbn, block.clone());
    }

    @Override
    public List<byte[]> readRoots(long dbn) {
        var found = new ArrayList<byte[]>();
        if (roots.containsKey(dbn)) {
            found.add(roots.get(dbn).clone());
        }
        return found;
    }
}
