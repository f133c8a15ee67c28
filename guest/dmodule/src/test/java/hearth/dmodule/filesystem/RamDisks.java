package hearth.dmodule.filesystem;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import hearth.base.Check;
import hearth.dmodule.filesystem.consistency.RootStore;
import hearth.dmodule.filesystem.core.BlockStore;
import hearth.dmodule.filesystem.core.DamagedBlock;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;

import static hearth.base.Units.BLOCK_SIZE;

/// Disks, buffer cache and root record in the heap, with a volatile write cache and a death after a chosen number of
/// stores. What was not flushed at the death is there or not, block by block, by seed.
final class RamDisks implements BlockStore, RootStore {
    /// The guest dies here.
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final long blocks;
    private final Map<Long, byte[]> durable = new HashMap<>();
    private final Map<Long, byte[]> unflushed = new LinkedHashMap<>();
    private final Map<Long, byte[]> roots = new HashMap<>();
    private final Map<Long, byte[]> cache = new HashMap<>();
    private final Random random;
    private final MemorySegment room = Arena.ofAuto().allocate(BLOCK_SIZE, Long.BYTES);
    private long writes;
    private byte[][] committed = new byte[0][];
    private byte[] intent = {};
    private long storesLeft = Long.MAX_VALUE;
    private static final int BLOCKS_A_RUN = 4;
    private static final Runnable NOTHING = () -> {};
    private Runnable onWrite = NOTHING;
    long stores;
    long reads;

    RamDisks(long blocks, long seed) {
        this.blocks = blocks;
        random = new Random(seed);
    }

    /// The guest dies when it makes store number `count` from now on (0: the next one).
    void dieAfter(long count) {
        storesLeft = count;
    }

    /// Runs at every fourth write, in the middle of a consistency point.
    void onWrite(Runnable action) {
        onWrite = action;
    }

    /// No operations in the middle of a consistency point.
    boolean isQuiet() {
        return onWrite == NOTHING;
    }

    void quiet() {
        onWrite = NOTHING;
    }

    /// After a death: unflushed blocks reached the disk or not; the cache is kept or lost.
    void restart(boolean cacheLost) {
        storesLeft = Long.MAX_VALUE;
        onWrite = NOTHING;
        unflushed.forEach((vbn, bytes) -> {
            if (random.nextBoolean()) {
                durable.put(vbn, bytes);
            }
        });
        unflushed.clear();
        if (cacheLost) {
            cache.clear();
        }
    }

    /// The host's memory is gone.
    void loseRegion() {
        committed = new byte[0][];
        intent = new byte[0];
        cache.clear();
    }

    synchronized void evict() {
        cache.keySet().removeIf(_ -> random.nextBoolean());
    }

    void damage(long vbn) {
        cache.remove(vbn);
        durable.get(vbn)[17] ^= 4;
    }

    void tearRoot(long dbn, int member) {
        roots.get(dbn * 2 + member)[100] ^= 1;
    }

    /// Some block that holds something.
    long someUsedBlock() {
        return durable.keySet().stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    private void store() {
        stores++;
        if (storesLeft-- == 0) {
            storesLeft = 0;
            throw new Died();
        }
    }

    @Override
    public long blocks() {
        return blocks;
    }

    @Override
    public long labelGeneration() {
        return 7;
    }

    @Override
    public synchronized boolean cached(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset) {
        byte[] bytes = cache.get(pointer.vbn());
        if (bytes == null || Bytes.crc(bytes) != pointer.crc()) {
            return false;
        }
        MemorySegment.copy(bytes, offset, to, ValueLayout.JAVA_BYTE, toOffset, length);
        return true;
    }

    @Override
    public synchronized void read(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset)
            throws IOException {
        reads++;
        byte[] bytes = block(pointer.vbn());
        if (Bytes.crc(bytes) != pointer.crc()) {
            throw new DamagedBlock(pointer);
        }
        cache.put(pointer.vbn(), bytes);
        MemorySegment.copy(bytes, offset, to, ValueLayout.JAVA_BYTE, toOffset, length);
    }

    synchronized byte[] block(long vbn) {
        byte[] bytes = unflushed.get(vbn);
        return bytes != null ? bytes : durable.getOrDefault(vbn, new byte[BLOCK_SIZE]);
    }

    @Override
    public MemorySegment room(long vbn) {
        return room;
    }

    @Override
    public void write(long vbn, int crc) {
        // Not at each block: operations in the middle of a consistency point take long.
        if (writes++ % BLOCKS_A_RUN == 0) {
            onWrite.run();
        }
        store();
        var bytes = room.toArray(ValueLayout.JAVA_BYTE);
        Check.that(Bytes.crc(bytes) == crc, "written with another block's checksum", vbn);
        synchronized (this) {
            unflushed.put(vbn, bytes);
            cache.put(vbn, bytes);
        }
    }

    @Override
    public synchronized void flush() {
        store();
        durable.putAll(unflushed);
        unflushed.clear();
    }

    @Override
    public void writeRoot(long dbn, byte[] block) {
        for (int member = 0; member < 2; member++) {
            store();
            if (storesLeft == 0 && random.nextBoolean()) {
                // The last store before the death tears.
                byte[] torn = roots.getOrDefault(dbn * 2 + member, new byte[BLOCK_SIZE]).clone();
                System.arraycopy(block, 0, torn, 0, 512 * (1 + random.nextInt(7)));
                roots.put(dbn * 2 + member, torn);
            } else {
                roots.put(dbn * 2 + member, block.clone());
            }
        }
    }

    @Override
    public List<byte[]> readRoots(long dbn) {
        List<byte[]> found = new ArrayList<>();
        for (int member = 0; member < 2; member++) {
            found.add(roots.getOrDefault(dbn * 2 + member, new byte[BLOCK_SIZE]).clone());
        }
        return found;
    }

    @Override
    public void intend(byte[] fsinfo, long generation) {
        // One slot: what stood there is void before the new one is whole.
        store();
        intent = new byte[0];
        store();
        intent = fsinfo.clone();
    }

    @Override
    public Optional<byte[]> intent() {
        return intent.length == 0 ? Optional.empty() : Optional.of(intent.clone());
    }

    @Override
    public void clearIntent() {
        store();
        intent = new byte[0];
    }

    @Override
    public void commit(byte[] fsinfo, long generation) {
        store();
        committed = new byte[][] {fsinfo.clone()};
    }

    @Override
    public Optional<byte[]> committed() {
        return committed.length == 0 ? Optional.empty() : Optional.of(committed[0].clone());
    }

    /// The valid root in the slot of that parity on the first member.
    Optional<FsInfo> rootOnDisk(long parity) {
        byte[] block = roots.getOrDefault(FsInfoLayout.dbnOf(parity) * 2, new byte[BLOCK_SIZE]);
        return FsInfo.decode(block) instanceof FsInfo.Decoded.Valid(FsInfo info)
                ? Optional.of(info)
                : Optional.empty();
    }
}
