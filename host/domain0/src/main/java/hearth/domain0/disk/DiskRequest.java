package hearth.domain0.disk;

import java.lang.foreign.MemorySegment;

import hearth.memory.ring.DiskOp;

/// A request that was taken from the ring and found good. The fence decides, under the back-end's lock, what becomes
/// of one that is still in flight.
final class DiskRequest {
    final DiskOp op;
    final Disk disk;
    final int slot;
    final long dbn;
    final int bytes;
    final MemorySegment memory;
    final long firstFrame;
    final long epoch;
    final long tag;

    /// Its incarnation was fenced while it was in flight.
    boolean fenced;
    /// Frames of it that stand in the list of busy ones.
    int framesListed;

    /// No frame: the bytes are elsewhere.
    static final long NO_FRAME = -1;

    DiskRequest(DiskOp op, Disk disk, int slot, long dbn, int bytes, MemorySegment memory, long firstFrame, long epoch,
            long tag) {
        this.op = op;
        this.disk = disk;
        this.slot = slot;
        this.dbn = dbn;
        this.bytes = bytes;
        this.memory = memory;
        this.firstFrame = firstFrame;
        this.epoch = epoch;
        this.tag = tag;
    }

    boolean isWrite() {
        return op == DiskOp.WRITE;
    }

    /// A read whose bytes go to the rings' staging area, which the next incarnation uses at once for its own.
    boolean isStagedRead() {
        return op == DiskOp.READ && firstFrame == NO_FRAME;
    }
}
