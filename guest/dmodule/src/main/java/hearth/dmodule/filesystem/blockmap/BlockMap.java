package hearth.dmodule.filesystem.blockmap;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.BlockMapLayout;
import hearth.dmodule.filesystem.format.Bytes;

import static hearth.base.Units.BLOCK_SIZE;
import static hearth.dmodule.filesystem.format.BlockMapLayout.PER_BLOCK;

/// The block map while consistency points change it: states of vbns, the counts, and the allocator.
///
/// Invariants:
/// - a vbn is allocated only from FREE, freed only from USED;
/// - one that consistency point n frees is FREE again from n + 2 on, never earlier;
/// - `free + freedEven + freedOdd + used = total` at any time;
/// - vbn 0 is USED for ever.
///
/// Map blocks are loaded when they are needed and kept within a bound while they are clean, so mounting reads none.
/// One thread.
public final class BlockMap {
    /// Where the map's blocks are read from: the map file of the last root.
    @FunctionalInterface
    public interface Source {
        /// A copy of the block that the caller may change; zeros for a hole.
        byte[] read(long mapBlock) throws IOException;
    }

    /// How many vbns are in which state; the others are used.
    public record Counts(long free, long freedEven, long freedOdd) {}

    /// Clean map blocks kept between consistency points: 16 million vbns.
    private static final int CLEAN_MAX = 1024;
    /// Map blocks searched for freed blocks by one consistency point.
    private static final int RELEASE_MAX = 1024;
    private static final int UNKNOWN = -1;

    private final long totalBlocks;
    private final int mapBlocks;
    private final Source source;
    private final Map<Integer, byte[]> loaded = new HashMap<>();
    private final TreeSet<Integer> dirty = new TreeSet<>();
    /// Map blocks that may hold freed blocks, by the parity of the consistency point that freed them.
    private final BitSet[] freedIn = {new BitSet(), new BitSet()};
    private final long[] freed = new long[2];
    private long free;
    /// FREE vbns by map block; `UNKNOWN` until it was loaded.
    private final int[] freeIn;
    private long generation;
    /// The allocator goes on here.
    private long cursor;

    /// The map of a mounted aggregate.
    public BlockMap(long totalBlocks, Counts counts, Source source) {
        this(totalBlocks, source);
        free = counts.free;
        freed[0] = counts.freedEven;
        freed[1] = counts.freedOdd;
        // Where they are is not known after a mount: anywhere.
        freedIn[0].set(0, mapBlocks);
        freedIn[1].set(0, mapBlocks);
    }

    private BlockMap(long totalBlocks, Source source) {
        long blocks = BlockMapLayout.blocksFor(totalBlocks);
        Check.that(totalBlocks > 1 && blocks < Integer.MAX_VALUE, "blocks of an aggregate", totalBlocks);
        this.totalBlocks = totalBlocks;
        this.source = source;
        mapBlocks = (int) blocks;
        freeIn = new int[mapBlocks];
        Arrays.fill(freeIn, UNKNOWN);
    }

    /// The map of a new aggregate: all free but vbn 0. Its first and last block are dirty, so that the first
    /// consistency point gives the map file its full height.
    public static BlockMap fresh(long totalBlocks) throws IOException {
        var map = new BlockMap(totalBlocks, _ -> new byte[BLOCK_SIZE]);
        map.free = totalBlocks;
        map.change(0, BlockMapLayout.FREE, BlockMapLayout.USED);
        map.free--;
        map.freeIn[0]--;
        map.load(map.mapBlocks - 1);
        map.dirty.add(map.mapBlocks - 1);
        return map;
    }

    public long totalBlocks() {
        return totalBlocks;
    }

    public Counts counts() {
        return new Counts(free, freed[0], freed[1]);
    }

    /// A consistency point starts: what the one before the last freed becomes free for it.
    public void begin(long generation) throws IOException {
        Check.that(generation > this.generation, "consistency points go on", generation, this.generation);
        Check.that(dirty.isEmpty() || generation == 1, "map blocks not written", dirty.size());
        this.generation = generation;
        int parity = (int) (generation & 1);
        BitSet candidates = freedIn[parity];
        int searched = 0;
        for (int block = candidates.nextSetBit(0);
                block >= 0 && freed[parity] > 0 && searched < RELEASE_MAX;
                block = candidates.nextSetBit(block + 1)) {
            release(block, BlockMapLayout.freedBy(generation), parity);
            candidates.clear(block);
            searched++;
        }
        if (freed[parity] == 0) {
            candidates.clear();
        }
    }

    private void release(int block, int state, int parity) throws IOException {
        byte[] bytes = load(block);
        int released = 0;
        for (int offset = 0; offset < BLOCK_SIZE; offset += Long.BYTES) {
            long word = Bytes.getLong(bytes, offset);
            long low = word & MapWords.LOW_BITS;
            long high = word >>> 1 & MapWords.LOW_BITS;
            long found = high & (state == BlockMapLayout.FREED_ODD ? low : ~low);
            if (found != 0) {
                Bytes.putLong(bytes, offset, word & ~(found | found << 1));
                released += Long.bitCount(found);
            }
        }
        if (released > 0) {
            dirty.add(block);
            freed[parity] -= released;
            free += released;
            freeIn[block] += released;
            Check.that(freed[parity] >= 0, "more freed blocks than counted", block);
        }
    }

    /// Takes a free vbn; successive calls give neighbours where it can be.
    public long allocate() throws IOException {
        Check.that(free > 0, "a consistency point ran out of blocks");
        // First the blocks with much room, for long runs; then any.
        long average = free / mapBlocks;
        for (long least = Math.max(1, average / 2); ; least = 1) {
            for (int turns = 0; turns <= mapBlocks; turns++) {
                int block = (int) (cursor / PER_BLOCK);
                boolean begun = cursor % PER_BLOCK != 0;
                if (freeIn[block] == UNKNOWN) {
                    load(block);
                }
                if (freeIn[block] >= (begun ? 1 : least)) {
                    long vbn = MapWords.firstFree(load(block), (int) (cursor % PER_BLOCK));
                    if (vbn >= 0 && (long) block * PER_BLOCK + vbn < totalBlocks) {
                        return take((long) block * PER_BLOCK + vbn);
                    }
                }
                cursor = block + 1 == mapBlocks ? 0 : (long) (block + 1) * PER_BLOCK;
            }
            Check.that(least > 1, "free blocks are counted that are not there", free);
        }
    }

    private long take(long vbn) throws IOException {
        change(vbn, BlockMapLayout.FREE, BlockMapLayout.USED);
        free--;
        freeIn[(int) (vbn / PER_BLOCK)]--;
        cursor = vbn + 1 == totalBlocks ? 0 : vbn + 1;
        return vbn;
    }

    /// The running consistency point's root does not reach this block any more.
    public void free(long vbn) throws IOException {
        Check.that(vbn > 0 && vbn < totalBlocks, "vbn to free", vbn);
        int parity = (int) (generation & 1);
        change(vbn, BlockMapLayout.USED, BlockMapLayout.freedBy(generation));
        freed[parity]++;
        freedIn[parity].set((int) (vbn / PER_BLOCK));
    }

    private void change(long vbn, int from, int to) throws IOException {
        int block = (int) (vbn / PER_BLOCK);
        byte[] bytes = load(block);
        int at = (int) (vbn % PER_BLOCK);
        int state = MapWords.state(bytes, at);
        Check.that(state == from, "state of a block", vbn, state);
        MapWords.set(bytes, at, to);
        dirty.add(block);
    }

    private byte[] load(int block) throws IOException {
        byte[] bytes = loaded.get(block);
        if (bytes == null) {
            bytes = source.read(block);
            loaded.put(block, bytes);
        }
        if (freeIn[block] == UNKNOWN) {
            long inside = Math.min(PER_BLOCK, totalBlocks - (long) block * PER_BLOCK);
            freeIn[block] = MapWords.countFree(bytes, (int) inside);
        }
        return bytes;
    }

    /// Map blocks changed since the last `written`, ascending. A copy: allocating and freeing adds to it.
    public long[] dirtyBlocks() {
        return dirty.stream().mapToLong(Integer::longValue).toArray();
    }

    /// How many map blocks are dirty.
    public int dirtyCount() {
        return dirty.size();
    }

    /// The bytes of a dirty map block, for writing.
    public byte[] bytes(long block) throws IOException {
        return load((int) block);
    }

    /// The dirty blocks are part of a new root: they are clean now.
    public void written() {
        dirty.clear();
        var clean = loaded.keySet().iterator();
        while (loaded.size() > CLEAN_MAX && clean.hasNext()) {
            int block = clean.next();
            if (block != cursor / PER_BLOCK) {
                clean.remove();
            }
        }
    }
}
