package hearth.stress;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;

/// What both tests of the doorbell do.
final class Bells {
    /// Two words, each in a cache line of its own.
    static final Pool MEMORY = new Pool(128, 4096);

    private static final int SPINS_MAX = 1200;
    private static final int WORD_BYTES = 4;

    private Bells() {}

    static MemorySegment sequence(MemorySegment piece) {
        return piece.asSlice(0, WORD_BYTES);
    }

    static MemorySegment waiter(MemorySegment piece) {
        return piece.asSlice(64, WORD_BYTES);
    }

    /// Somewhere within the waiter's spinning and its going to sleep.
    static int someSpins() {
        return ThreadLocalRandom.current().nextInt(SPINS_MAX);
    }

    static void spin(int spins) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }
}
