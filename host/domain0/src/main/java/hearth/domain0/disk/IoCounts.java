package hearth.domain0.disk;

import java.util.concurrent.atomic.AtomicLongArray;

import hearth.memory.ring.DiskOp;
import hearth.memory.ring.IoSection;

/// Disk requests of one incarnation as the back-end saw them, by what they were for and of what kind. Those that were
/// refused count too: the guest issued them. Any thread.
public final class IoCounts {
    private static final int OPS = DiskOp.values().length;
    private static final int SECTIONS = IoSection.values().length;

    private final AtomicLongArray counts = new AtomicLongArray(OPS * SECTIONS);

    void add(IoSection section, DiskOp op) {
        counts.incrementAndGet(section.ordinal() * OPS + op.ordinal());
    }

    /// Requests of one kind for one purpose.
    public long of(IoSection section, DiskOp op) {
        return counts.get(section.ordinal() * OPS + op.ordinal());
    }

    /// Requests for one purpose.
    public long of(IoSection section) {
        long sum = 0;
        for (DiskOp op : DiskOp.values()) {
            sum += of(section, op);
        }
        return sum;
    }

    /// Requests of one kind.
    public long of(DiskOp op) {
        long sum = 0;
        for (IoSection section : IoSection.values()) {
            sum += of(section, op);
        }
        return sum;
    }
}
