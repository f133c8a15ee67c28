package hearth.nmodule.net;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import hearth.base.Units;
import hearth.base.posix.IoVector;

/// Vectors for replies whose data is not copied. There are never more of them in use than leases of room for such
/// replies, and never more than a few beside. Any thread.
final class VectorPool {
    /// The blocks of the largest read, one more if it begins within a block, and the padding.
    private static final int PARTS_MAX = Units.MIB / Units.BLOCK_SIZE + 2;

    private static final int FREE_MAX = 32;

    private final ConcurrentLinkedQueue<IoVector> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger freeCount = new AtomicInteger();

    /// An empty one.
    IoVector take() {
        var vector = free.poll();
        if (vector == null) {
            return new IoVector(PARTS_MAX);
        }
        freeCount.decrementAndGet();
        return vector;
    }

    /// Nobody is sending it any more.
    void giveBack(IoVector vector) {
        vector.release();
        if (freeCount.incrementAndGet() <= FREE_MAX) {
            free.add(vector);
        } else {
            freeCount.decrementAndGet();
        }
    }
}
