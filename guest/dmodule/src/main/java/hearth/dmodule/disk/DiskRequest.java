package hearth.dmodule.disk;

import hearth.base.Check;
import hearth.memory.ring.DiskOp;

/// One request to one disk: `blocks` of 4 KiB from disk block `dbn`, to or from `memory`.
public record DiskRequest(DiskOp op, Disk disk, long dbn, int blocks, DiskMemory memory) {
    /// Longest transfer of one request.
    public static final int BLOCKS_MAX = 256;

    public DiskRequest {
        if (op != DiskOp.FLUSH) {
            Check.that(blocks > 0 && blocks <= BLOCKS_MAX, "blocks of one disk request", blocks);
            Check.that(memory.blocks() == blocks, "memory of a disk request", memory.blocks(), blocks);
            Check.that(dbn >= 0 && dbn + blocks <= disk.sizeBlocks(), "disk block", dbn, disk.sizeBlocks());
        }
    }

    public static DiskRequest read(Disk disk, long dbn, DiskMemory to) {
        return new DiskRequest(DiskOp.READ, disk, dbn, to.blocks(), to);
    }

    public static DiskRequest write(Disk disk, long dbn, DiskMemory from) {
        return new DiskRequest(DiskOp.WRITE, disk, dbn, from.blocks(), from);
    }

    /// Makes durable what earlier requests, that have completed, wrote.
    public static DiskRequest flush(Disk disk) {
        return new DiskRequest(DiskOp.FLUSH, disk, 0, 0, DiskMemory.NONE);
    }
}
