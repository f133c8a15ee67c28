package hearth.nmodule.net;

import hearth.base.Check;
import hearth.base.Units;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Off-heap memory for one direction of all connections, bounded. Pieces are runs of 4 KiB units inside slabs; the
/// first run that fits is taken, so a lightly loaded guest keeps using the same few pages, and what was never needed
/// was never touched (a dead guest's pages take time to be given back). Slabs are kept until the pool is unreachable.
///
/// Any thread; the lock is held for a search over a few words, or once per slab for its allocation.
final class BufferPool {
    static final int UNIT_SIZE = 4 * Units.KIB;

    /// The first slab is small because making it is on the way to the first answer.
    private static final int FIRST_SLAB_SIZE = Units.MIB / 2;

    private static final int SLAB_SIZE = 8 * Units.MIB;

    private final long bytesMax;
    private final List<Slab> slabs = new ArrayList<>();
    private long slabBytes;
    private final AtomicLong takenBytes = new AtomicLong();

    private record Slab(MemorySegment memory, BitSet used, int units) {}

    /// A run of units, given back once.
    final class Piece {
        private final Slab slab;
        private final int first;
        private final int units;
        private final MemorySegment memory;

        private Piece(Slab slab, int first, int units) {
            this.slab = slab;
            this.first = first;
            this.units = units;
            this.memory = slab.memory().asSlice((long) first * UNIT_SIZE, (long) units * UNIT_SIZE);
        }

        MemorySegment memory() {
            return memory;
        }

        void giveBack() {
            BufferPool.this.giveBack(this);
        }
    }

    BufferPool(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Bytes that a piece of `sizeBytes` really takes.
    static long rounded(int sizeBytes) {
        return Units.roundUp(Math.max(sizeBytes, 1), UNIT_SIZE);
    }

    /// A piece of at least `sizeBytes`, or nothing when none fits.
    synchronized Optional<Piece> take(int sizeBytes) {
        long bytes = rounded(sizeBytes);
        Check.that(bytes <= SLAB_SIZE, "piece over the size of a slab", bytes);
        int units = (int) (bytes / UNIT_SIZE);
        for (Slab slab : slabs) {
            Optional<Piece> piece = takeFrom(slab, units);
            if (piece.isPresent()) {
                return piece;
            }
        }
        return grow(bytes) ? takeFrom(slabs.getLast(), units) : Optional.empty();
    }

    /// Bytes not taken; not all of them need be in one run.
    long freeBytes() {
        return bytesMax - takenBytes.get();
    }

    private Optional<Piece> takeFrom(Slab slab, int units) {
        int first = slab.used().nextClearBit(0);
        while (first + units <= slab.units()) {
            int next = slab.used().nextSetBit(first);
            if (next < 0 || next - first >= units) {
                slab.used().set(first, first + units);
                long taken = takenBytes.addAndGet((long) units * UNIT_SIZE);
                Check.that(taken <= bytesMax, "more taken than there is", taken, bytesMax);
                return Optional.of(new Piece(slab, first, units));
            }
            first = slab.used().nextClearBit(next);
        }
        return Optional.empty();
    }

    private boolean grow(long bytesWanted) {
        long size = slabs.isEmpty() && bytesWanted <= FIRST_SLAB_SIZE ? FIRST_SLAB_SIZE : SLAB_SIZE;
        size = Math.min(size, bytesMax - slabBytes) & -UNIT_SIZE;
        if (size < bytesWanted) {
            return false;
        }
        // Collected when nobody refers to it: a call that outlasts the server must not find its memory unmapped.
        var memory = Arena.ofAuto().allocate(size, UNIT_SIZE);
        int units = (int) (size / UNIT_SIZE);
        slabs.add(new Slab(memory, new BitSet(units), units));
        slabBytes += size;
        return true;
    }

    private synchronized void giveBack(Piece piece) {
        int end = piece.first + piece.units;
        Check.that(
                piece.slab.used().nextClearBit(piece.first) >= end, "gave back what was not taken", piece.first, end);
        piece.slab.used().clear(piece.first, end);
        long taken = takenBytes.addAndGet(-(long) piece.units * UNIT_SIZE);
        Check.that(taken >= 0, "gave back more than was taken", taken);
    }
}
