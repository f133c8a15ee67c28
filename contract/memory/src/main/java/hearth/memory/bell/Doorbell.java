package hearth.memory.bell;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.base.posix.Futex;
import hearth.base.posix.PosixException;
import hearth.memory.word.Words;

/// Two words, each with one writing process: the *sequence*, which the ringer moves on, and the *waiter* flag, which
/// the waiter raises before it sleeps. They may lie in different files, as control is read-only for a guest.
///
/// The ringer stores the sequence and then looks at the flag; the waiter raises the flag and then looks at the
/// sequence; a full fence lies between on both sides. So one of them sees the other, and no ring is slept through. One
/// waiting thread at a time; any number of ringing threads of one process.
///
/// A flag left by a dead waiter costs its successor's ringer one needless wake. A ringer that died between store and
/// wake costs the waiter its timeout, which is why there always is one.
public final class Doorbell {
    private static final int SPINS = 200;

    private final MemorySegment sequence;
    private final MemorySegment waiter;

    /// Each segment is the word itself: four bytes, aligned. A side that only waits may have the sequence read-only, a
    /// side that only rings the waiter flag.
    public Doorbell(MemorySegment sequence, MemorySegment waiter) {
        Check.that(sequence.byteSize() == Integer.BYTES && sequence.address() % Integer.BYTES == 0,
                "the sequence is one aligned word", sequence.byteSize());
        Check.that(waiter.byteSize() == Integer.BYTES && waiter.address() % Integer.BYTES == 0,
                "the waiter flag is one aligned word", waiter.byteSize());
        this.sequence = sequence;
        this.waiter = waiter;
    }

    /// What `await` wants to know was seen. Read it *before* looking for work, so that work that came later rings.
    public int sequence() {
        return Words.loadVolatileInt(sequence, 0);
    }

    /// Announces. Never blocks; enters the kernel only when someone sleeps.
    public void ring() {
        Words.addInt(sequence, 0, 1);
        Words.fullFence();
        if (Words.loadVolatileInt(waiter, 0) != 0) {
            try {
                Futex.wake(sequence, 1);
            } catch (PosixException e) {
                throw Check.failed("futex wake on a mapped word: " + e.getMessage());
            }
        }
    }

    /// Waits until the sequence differs from `lastSeen`, at most about `timeoutNs`; returns what it is then, which
    /// equals `lastSeen` when the time is over or a signal came. Blocks: platform threads only.
    public int await(int lastSeen, long timeoutNs) {
        int now = spin(lastSeen);
        if (now != lastSeen || timeoutNs <= 0) {
            return now;
        }
        Words.storeVolatileInt(waiter, 0, 1);
        Words.fullFence();
        try {
            now = sequence();
            if (now == lastSeen) {
                Futex.await(sequence, lastSeen, timeoutNs);
                now = sequence();
            }
        } catch (PosixException e) {
            throw Check.failed("futex wait on a mapped word: " + e.getMessage());
        } finally {
            Words.storeVolatileInt(waiter, 0, 0);
        }
        return now;
    }

    private int spin(int lastSeen) {
        int now = sequence();
        for (int i = 0; i < SPINS && now == lastSeen; i++) {
            Thread.onSpinWait();
            now = sequence();
        }
        return now;
    }
}
