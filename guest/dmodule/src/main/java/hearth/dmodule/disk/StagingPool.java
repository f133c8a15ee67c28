package hearth.dmodule.disk;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.base.Units;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.TransferFile;

/// Lends runs of staging slots. Who finds none waits in line, so a large wish is not starved by small ones. Who already
/// holds some that others may need first must use `tryTake` and give back before it waits. A few slots are kept from
/// it, or a consistency point that reads while its own writes hold all of them would wait for itself.
final class StagingPool {
    private static final int KEPT_ONE_IN = 32;

    private final RingFront ring;
    private final BitSet used = new BitSet();
    private final int slots;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Wish> line = new ArrayDeque<>();

    StagingPool(RingFront ring) {
        this.ring = ring;
        this.slots = ring.stagingSlots();
    }

    private static final class Wish {
        final int blocks;
        final CountDownLatch granted = new CountDownLatch(1);
        int first = -1;

        Wish(int blocks) {
            this.blocks = blocks;
        }
    }

    Staging take(int blocks) {
        Check.that(blocks > 0 && blocks <= slots, "staging blocks", blocks, slots);
        Wish wish = new Wish(blocks);
        lock.lock();
        try {
            int first = line.isEmpty() ? allocate(blocks) : -1;
            if (first >= 0) {
                return new Lent(first, blocks);
            }
            line.add(wish);
        } finally {
            lock.unlock();
        }
        Uninterruptibly.await(wish.granted);
        return new Lent(wish.first, blocks);
    }

    Optional<Staging> tryTake(int blocks) {
        Check.that(blocks > 0 && blocks <= slots, "staging blocks", blocks, slots);
        lock.lock();
        try {
            boolean leavesSome = used.cardinality() + blocks <= slots - slots / KEPT_ONE_IN;
            int first = line.isEmpty() && leavesSome ? allocate(blocks) : -1;
            return first < 0 ? Optional.empty() : Optional.of(new Lent(first, blocks));
        } finally {
            lock.unlock();
        }
    }

    // From the start: slots used lately are still in the processor's caches, and the others stay cold.
    private int allocate(int blocks) {
        int first = search(0, blocks);
        if (first >= 0) {
            used.set(first, first + blocks);
        }
        return first;
    }

    private int search(int from, int blocks) {
        int first = used.nextClearBit(from);
        while (first + blocks <= slots) {
            int taken = used.nextSetBit(first);
            if (taken < 0 || taken - first >= blocks) {
                return first;
            }
            first = used.nextClearBit(taken);
        }
        return -1;
    }

    private void give(int first, int blocks) {
        lock.lock();
        try {
            Check.that(used.nextClearBit(first) >= first + blocks, "staging given back twice", first);
            used.clear(first, first + blocks);
            while (!line.isEmpty()) {
                Wish wish = line.peek();
                int at = allocate(wish.blocks);
                if (at < 0) {
                    break;
                }
                line.remove();
                wish.first = at;
                wish.granted.countDown();
            }
        } finally {
            lock.unlock();
        }
    }

    int usedSlots() {
        lock.lock();
        try {
            return used.cardinality();
        } finally {
            lock.unlock();
        }
    }

    private final class Lent implements Staging {
        private final int first;
        private final int blocks;
        private final DiskMemory memory;

        Lent(int first, int blocks) {
            this.first = first;
            this.blocks = blocks;
            this.memory = new DiskMemory(TransferFile.RINGS, ring.stagingOffset(first), ring.staging(first, blocks));
            Check.that(memory.offset() % Units.BLOCK_SIZE == 0, "staging offset", memory.offset());
        }

        @Override
        public DiskMemory memory() {
            return memory;
        }

        @Override
        public void close() {
            give(first, blocks);
        }
    }
}
