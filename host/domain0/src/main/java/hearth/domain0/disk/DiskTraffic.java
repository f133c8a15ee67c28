package hearth.domain0.disk;

import java.util.concurrent.atomic.AtomicLongArray;

import hearth.base.Units;
import hearth.memory.ring.DiskStatus;

/// What the disks were really asked for, by slot, over all incarnations since the host started. Any thread.
public final class DiskTraffic {
    private static final int READS = 0;
    private static final int WRITES = 1;
    private static final int FLUSHES = 2;
    private static final int READ_BLOCKS = 3;
    private static final int WRITTEN_BLOCKS = 4;
    private static final int COMPLETIONS = 5;
    private static final int ERRORS = 6;
    private static final int KINDS = 7;

    private final AtomicLongArray counts;

    DiskTraffic(int slots) {
        counts = new AtomicLongArray(slots * KINDS);
    }

    void add(DiskRequest request) {
        int slot = request.slot * KINDS;
        switch (request.op) {
            case READ -> {
                counts.incrementAndGet(slot + READS);
                counts.addAndGet(slot + READ_BLOCKS, request.bytes / Units.BLOCK_SIZE);
            }
            case WRITE -> {
                counts.incrementAndGet(slot + WRITES);
                counts.addAndGet(slot + WRITTEN_BLOCKS, request.bytes / Units.BLOCK_SIZE);
            }
            case FLUSH -> counts.incrementAndGet(slot + FLUSHES);
        }
    }

    void completed(DiskRequest request, DiskStatus status) {
        int slot = request.slot * KINDS;
        counts.incrementAndGet(slot + COMPLETIONS);
        if (status == DiskStatus.IO_ERROR) {
            counts.incrementAndGet(slot + ERRORS);
        }
    }

    public long reads(int slot) {
        return counts.get(slot * KINDS + READS);
    }

    public long writes(int slot) {
        return counts.get(slot * KINDS + WRITES);
    }

    public long flushes(int slot) {
        return counts.get(slot * KINDS + FLUSHES);
    }

    /// Blocks of 4 KiB.
    public long readBlocks(int slot) {
        return counts.get(slot * KINDS + READ_BLOCKS);
    }

    /// Blocks of 4 KiB.
    public long writtenBlocks(int slot) {
        return counts.get(slot * KINDS + WRITTEN_BLOCKS);
    }

    /// Requests that have ended, well or not.
    public long completions(int slot) {
        return counts.get(slot * KINDS + COMPLETIONS);
    }

    /// Those that the disk answered with an error.
    public long errors(int slot) {
        return counts.get(slot * KINDS + ERRORS);
    }
}
