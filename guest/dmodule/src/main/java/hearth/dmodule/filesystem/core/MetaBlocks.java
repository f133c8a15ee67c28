package hearth.dmodule.filesystem.core;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.tree.BlockSource;

import static hearth.base.Units.BLOCK_SIZE;

/// Clean metadata blocks in the heap: a bounded working set over the buffer cache, so that following a pointer costs
/// no copy and no checksum. Set-associative, no locks: an entry is an immutable object, found or not; two readers that
/// bring the same block do no harm. A block is found by its whole pointer, so a reused vbn never matches.
///
/// Nothing here survives the guest; a successor finds the blocks in the buffer cache.
public final class MetaBlocks implements BlockSource<MissingBlock> {
    private static final int WAYS = 4;

    private record Held(BlockPointer pointer, byte[] bytes) {}

    private static final Held NONE = new Held(BlockPointer.HOLE, new byte[0]);

    private final BlockStore store;
    private final AtomicReferenceArray<Held> held;
    private final int setMask;
    private int victim;

    /// @param blocksMax bound of the working set, a power of two
    public MetaBlocks(BlockStore store, int blocksMax) {
        Check.that(blocksMax >= WAYS && Integer.bitCount(blocksMax) == 1, "bound is not a power of two", blocksMax);
        this.store = store;
        held = new AtomicReferenceArray<>(blocksMax);
        for (int i = 0; i < blocksMax; i++) {
            held.setPlain(i, NONE);
        }
        setMask = blocksMax / WAYS - 1;
    }

    /// The block if it is in the heap or in the buffer cache.
    @Override
    public byte[] block(BlockPointer pointer) throws MissingBlock {
        byte[] bytes = find(pointer);
        if (bytes.length > 0) {
            return bytes;
        }
        var copy = new byte[BLOCK_SIZE];
        if (store.cached(pointer, 0, BLOCK_SIZE, MemorySegment.ofArray(copy), 0)) {
            remember(pointer, copy);
            return copy;
        }
        throw new MissingBlock(pointer);
    }

    /// The block, from disk if need be. Not under the lock.
    public byte[] load(BlockPointer pointer) throws IOException {
        byte[] bytes = find(pointer);
        if (bytes.length > 0) {
            return bytes;
        }
        var copy = new byte[BLOCK_SIZE];
        store.read(pointer, 0, BLOCK_SIZE, MemorySegment.ofArray(copy), 0);
        remember(pointer, copy);
        return copy;
    }

    /// Keeps a block, whose array nobody changes from now on.
    public void remember(BlockPointer pointer, byte[] bytes) {
        int set = set(pointer);
        int at = set;
        for (int way = 0; way < WAYS; way++) {
            Held entry = held.getAcquire(set + way);
            if (entry.pointer.vbn() == pointer.vbn() || entry.pointer.isHole()) {
                held.setRelease(set + way, new Held(pointer, bytes));
                return;
            }
        }
        // Racy on purpose: any way will do, and a counter that loses a step still moves on.
        victim++;
        at += victim & WAYS - 1;
        held.setRelease(at, new Held(pointer, bytes));
    }

    private byte[] find(BlockPointer pointer) {
        int set = set(pointer);
        for (int way = 0; way < WAYS; way++) {
            Held entry = held.getAcquire(set + way);
            if (entry.pointer.vbn() == pointer.vbn() && entry.pointer.equals(pointer)) {
                return entry.bytes;
            }
        }
        return NONE.bytes;
    }

    private int set(BlockPointer pointer) {
        return (LongHash.mix(pointer.vbn()) & setMask) * WAYS;
    }
}
