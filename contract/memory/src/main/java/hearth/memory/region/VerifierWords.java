package hearth.memory.region;

import java.lang.foreign.MemorySegment;

import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.word.Words;

/// The write verifier: same value as long as every acknowledged unstable write is still there. Survives the guest; a
/// new region, so a host that came back, has another.
public final class VerifierWords {
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private final MemorySegment memory;

    VerifierWords(MemorySegment memory) {
        this.memory = memory;
    }

    void setSeed(long seed) {
        Words.storeLong(memory, VerifierLayout.SEED_OFFSET, seed);
    }

    /// What COMMIT and WRITE replies carry.
    public long verifier() {
        long seed = Words.loadLong(memory, VerifierLayout.SEED_OFFSET);
        return seed + lossCount() * SPREAD;
    }

    public long lossCount() {
        return Words.loadLong(memory, VerifierLayout.LOSS_COUNT_OFFSET);
    }

    /// Declares that acknowledged records were lost: the verifier changes, so clients write again what they can.
    public void declareLoss() {
        Words.addLong(memory, VerifierLayout.LOSS_COUNT_OFFSET, 1);
        DeathPoint.stored(StoreGroup.VERIFIER);
    }
}
