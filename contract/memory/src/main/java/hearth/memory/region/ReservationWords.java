package hearth.memory.region;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.word.Words;

/// Space promised to logged operations, by log half. One writing thread at a time: whoever holds the file system's
/// write lock. Survives the guest; after a host's stop it is counted anew by replay.
public final class ReservationWords {
    private final MemorySegment memory;

    ReservationWords(MemorySegment memory) {
        this.memory = memory;
    }

    /// A half begins a new lap with nothing reserved.
    public void begin(int half, long generation) {
        store(blocksAt(half), 0);
        store(generationAt(half), generation);
    }

    /// Blocks reserved for the half's records in the lap of `generation`; 0 when the words are of another lap.
    public long blocks(int half, long generation) {
        long blocks = Words.loadLong(memory, blocksAt(half));
        return Words.loadLong(memory, generationAt(half)) == generation ? blocks : 0;
    }

    /// Before the record is claimed: a death in between leaves too much reserved, never too little.
    public void setBlocks(int half, long blocks) {
        Check.that(blocks >= 0, "reserved blocks", blocks);
        store(blocksAt(half), blocks);
    }

    private void store(int at, long value) {
        Words.storeLong(memory, at, value);
        DeathPoint.stored(StoreGroup.RESERVATIONS);
    }

    private static int generationAt(int half) {
        checkHalf(half);
        return half == 0 ? ReservationLayout.GENERATION_0_OFFSET : ReservationLayout.GENERATION_1_OFFSET;
    }

    private static int blocksAt(int half) {
        checkHalf(half);
        return half == 0 ? ReservationLayout.BLOCKS_0_OFFSET : ReservationLayout.BLOCKS_1_OFFSET;
    }

    private static void checkHalf(int half) {
        Check.that(half == 0 || half == 1, "a log has two halves", half);
    }
}
