package hearth.stress;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

import hearth.base.Units;
import hearth.base.posix.AnonymousMemory;
import hearth.base.posix.PosixException;

/// Pieces of memory for states, given out in turn: a piece comes round again long after jcstress has thrown away the
/// state that had it. Outside the heap, as in the region.
final class Pool {
    private final MemorySegment memory;
    private final long pieceBytes;
    private final int pieces;
    private final AtomicInteger given = new AtomicInteger();

    /// @param pieceBytes a multiple of 64
    Pool(long pieceBytes, int pieces) {
        this.pieceBytes = pieceBytes;
        this.pieces = pieces;
        try {
            memory = AnonymousMemory.map(Units.roundUp(pieceBytes * pieces, Units.HUGE_PAGE_SIZE));
        } catch (PosixException e) {
            throw new AssertionError(e);
        }
    }

    /// Zeros.
    MemorySegment next() {
        int piece = Math.floorMod(given.getAndIncrement(), pieces);
        return memory.asSlice(piece * pieceBytes, pieceBytes).fill((byte) 0);
    }
}
