package hearth.dmodule.disk;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

import hearth.memory.ring.DiskOp;
import hearth.memory.ring.IoSection;

/// What this incarnation asked of its disks. Any thread.
public final class DiskStatistics {
    private final AtomicLongArray bySection = new AtomicLongArray(IoSection.values().length);
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder flushes = new LongAdder();
    private final LongAdder errors = new LongAdder();

    void submitted(DiskOp op, IoSection section) {
        bySection.getAndIncrement(section.ordinal());
        switch (op) {
            case READ -> reads.increment();
            case WRITE -> writes.increment();
            case FLUSH -> flushes.increment();
        }
    }

    void failed() {
        errors.increment();
    }

    /// Requests of one section, whatever they asked.
    public long requests(IoSection section) {
        return bySection.get(section.ordinal());
    }

    public long reads() {
        return reads.sum();
    }

    public long writes() {
        return writes.sum();
    }

    public long flushes() {
        return flushes.sum();
    }

    public long errors() {
        return errors.sum();
    }
}
