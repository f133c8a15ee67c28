package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import hearth.base.Check;
import hearth.base.Units;
import hearth.base.posix.AnonymousMemory;
import hearth.base.posix.PosixException;

/// Off-heap memory for one direction of all connections, bounded. Pieces are runs of 4 KiB units. Small ones are taken
/// from the low end and large ones from the high end, each as near to its end as it fits: so small pieces do not stand
/// between large ones, and a lightly loaded guest keeps using the same few pages. What was never needed was never
/// touched: that would be paid for at the start, and again when the dead guest's pages are given back.
///
/// Any thread; the lock is held for a search over a few words, or for the copy of a small piece.
final class BufferPool {
    static final int UNIT_SIZE = 4 * Units.KIB;

    /// Pieces up to this size are small.
    static final int SMALL_BYTES_MAX = 64 * Units.KIB;

    private final MemorySegment memory;
    private final int units;
    private final BitSet used;
    private final AtomicLong takenBytes = new AtomicLong();

    /// A run of units, given back once.
    final class Piece {
        private int first;
        private int count;

        private Piece(int first, int count) {
            this.first = first;
            this.count = count;
        }

        MemorySegment memory() {
            return memory.asSlice((long) first * UNIT_SIZE, (long) count * UNIT_SIZE);
        }

        /// Keeps the first `sizeBytes` only, which may move to a lower place.
        void shrink(int sizeBytes) {
            BufferPool.this.shrink(this, (int) (rounded(sizeBytes) / UNIT_SIZE));
        }

        void giveBack() {
            BufferPool.this.giveBack(this);
        }
    }

    /// `bytesMax` is rounded up to whole huge pages.
    BufferPool(long bytesMax) throws PosixException {
        memory = AnonymousMemory.map(Units.roundUp(bytesMax, Units.HUGE_PAGE_SIZE));
        // Not the first: it serves small calls, and a huge page would have to be cleared before the first answer.
        AnonymousMemory.preferHugePages(memory.asSlice(Units.HUGE_PAGE_SIZE));
        units = Math.toIntExact(memory.byteSize() / UNIT_SIZE);
        used = new BitSet(units);
    }

    /// Bytes that a piece of `sizeBytes` really takes.
    static long rounded(int sizeBytes) {
        return Units.roundUp(Math.max(sizeBytes, 1), UNIT_SIZE);
    }

    /// A piece of at least `sizeBytes`, or nothing when none fits.
    synchronized Optional<Piece> take(int sizeBytes) {
        int count = (int) (rounded(sizeBytes) / UNIT_SIZE);
        int first = sizeBytes <= SMALL_BYTES_MAX ? lowest(count) : highest(count);
        if (first < 0) {
            return Optional.empty();
        }
        used.set(first, first + count);
        takenBytes.addAndGet((long) count * UNIT_SIZE);
        return Optional.of(new Piece(first, count));
    }

    /// Where the lowest free run of `count` units begins; negative when there is none.
    private int lowest(int count) {
        int first = used.nextClearBit(0);
        while (first + count <= units) {
            int next = used.nextSetBit(first);
            if (next < 0 || next - first >= count) {
                return first;
            }
            first = used.nextClearBit(next);
        }
        return -1;
    }

    /// Where the highest one begins.
    private int highest(int count) {
        int last = used.previousClearBit(units - 1);
        while (last >= count - 1) {
            int before = used.previousSetBit(last);
            if (last - before >= count) {
                return last - count + 1;
            }
            last = used.previousClearBit(before);
        }
        return -1;
    }

    /// Bytes not taken; not all of them need be in one run.
    long freeBytes() {
        return memory.byteSize() - takenBytes.get();
    }

    long takenBytes() {
        return takenBytes.get();
    }

    private synchronized void shrink(Piece piece, int count) {
        Check.that(count <= piece.count, "a piece shrunk to more than it is", count, piece.count);
        clear(piece.first + count, piece.count - count);
        piece.count = count;
        int lower = lowest(count);
        if (lower >= 0 && lower < piece.first) {
            used.set(lower, lower + count);
            takenBytes.addAndGet((long) count * UNIT_SIZE);
            var old = piece.memory();
            clear(piece.first, count);
            piece.first = lower;
            piece.memory().copyFrom(old);
        }
    }

    private synchronized void giveBack(Piece piece) {
        clear(piece.first, piece.count);
    }

    private void clear(int first, int count) {
        Check.that(used.nextClearBit(first) >= first + count, "gave back what was not taken", first, count);
        used.clear(first, first + count);
        long taken = takenBytes.addAndGet(-(long) count * UNIT_SIZE);
        Check.that(taken >= 0, "gave back more than was taken", taken);
    }
}
