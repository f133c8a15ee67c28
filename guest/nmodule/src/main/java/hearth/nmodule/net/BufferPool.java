package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import hearth.base.Check;
import hearth.base.Units;
import hearth.base.posix.AnonymousMemory;
import hearth.base.posix.PosixException;

/// Off-heap memory for one direction of all connections, bounded. Pieces are runs of 4 KiB units; the first run that
/// fits is taken, so a lightly loaded guest keeps using the same few pages, and what was never needed was never
/// touched: that would be paid for at the start, and again when the dead guest's pages are given back.
///
/// Any thread; the lock is held for a search over a few words.
final class BufferPool {
    static final int UNIT_SIZE = 4 * Units.KIB;

    private final MemorySegment memory;
    private final int units;
    private final BitSet used;
    private final AtomicLong takenBytes = new AtomicLong();

    /// A run of units, given back once.
    final class Piece {
        private final int first;
        private final int count;
        private final MemorySegment memory;

        private Piece(int first, int count) {
            this.first = first;
            this.count = count;
            this.memory = BufferPool.this.memory.asSlice((long) first * UNIT_SIZE, (long) count * UNIT_SIZE);
        }

        MemorySegment memory() {
            return memory;
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
        int first = used.nextClearBit(0);
        while (first + count <= units) {
            int next = used.nextSetBit(first);
            if (next < 0 || next - first >= count) {
                used.set(first, first + count);
                takenBytes.addAndGet((long) count * UNIT_SIZE);
                return Optional.of(new Piece(first, count));
            }
            first = used.nextClearBit(next);
        }
        return Optional.empty();
    }

    /// Bytes not taken; not all of them need be in one run.
    long freeBytes() {
        return memory.byteSize() - takenBytes.get();
    }

    long takenBytes() {
        return takenBytes.get();
    }

    private synchronized void giveBack(Piece piece) {
        int end = piece.first + piece.count;
        Check.that(used.nextClearBit(piece.first) >= end, "gave back what was not taken", piece.first, end);
        used.clear(piece.first, end);
        long taken = takenBytes.addAndGet(-(long) piece.count * UNIT_SIZE);
        Check.that(taken >= 0, "gave back more than was taken", taken);
    }
}
