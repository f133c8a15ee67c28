package hearth.system.rehearsal;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.base.Units;
import hearth.memory.region.Region;
import hearth.memory.region.TransferMemory;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.IoSection;
import hearth.memory.ring.RingBack;
import hearth.memory.ring.Submission;

/// Domain 0's part of the disk rings, as much as a rehearsal needs: one thread that serves disks in memory and counts
/// what was asked for, by section.
final class RingServer {
    private static final long WAIT_NS = 20_000_000;

    private final RingBack ring;
    private final TransferMemory memory;
    private final List<MemoryDisk> disks;
    private final AtomicLongArray requests = new AtomicLongArray(IoSection.values().length);
    private final Thread thread;
    private volatile boolean stopping;
    private volatile long epoch;

    /// Serves entries of `epoch` until `fence`. The index of a disk is its slot.
    RingServer(Region region, RingBack ring, List<MemoryDisk> disks, long epoch) {
        this.ring = ring;
        this.memory = region.transferMemory();
        this.disks = List.copyOf(disks);
        this.epoch = epoch;
        thread = Thread.ofPlatform().name("rehearsal disks").daemon().start(this::run);
    }

    /// Requests of a section so far.
    long requests(IoSection section) {
        return requests.get(section.ordinal());
    }

    /// Stops taking; what was taken is finished.
    void fence() {
        stopping = true;
        Uninterruptibly.join(thread);
    }

    private void run() {
        Submission entry = new Submission();
        while (!stopping) {
            int seen = ring.submissionBell().sequence();
            boolean any = false;
            while (!stopping && ring.take(entry) == RingBack.Taken.ENTRY) {
                serve(entry);
                any = true;
            }
            if (any) {
                ring.ring();
            } else {
                ring.submissionBell().await(seen, WAIT_NS);
            }
        }
    }

    private void serve(Submission entry) {
        Check.that(entry.section >= 0 && entry.section < requests.length(), "section of a request", entry.section);
        requests.incrementAndGet(entry.section);
        DiskStatus status = DiskStatus.OK;
        int bytes = 0;
        if (entry.epoch != epoch) {
            status = DiskStatus.STALE_EPOCH;
        } else if (entry.slot < 0 || entry.slot >= disks.size()) {
            status = DiskStatus.NO_DEVICE;
        } else if (entry.op != DiskOp.FLUSH.code()) {
            bytes = transfer(entry, disks.get(entry.slot));
            status = bytes < 0 ? DiskStatus.BAD_REQUEST : DiskStatus.OK;
        }
        Check.that(ring.complete(entry.tag, entry.epoch, status, 0, Math.max(0, bytes)), "no room for a completion");
    }

    private int transfer(Submission entry, MemoryDisk disk) {
        DiskOp op = entry.op == DiskOp.READ.code() ? DiskOp.READ : DiskOp.WRITE;
        int bytes = entry.blocks * Units.BLOCK_SIZE;
        Optional<MemorySegment> found = memory.find(op, entry.file, entry.memoryOffset, bytes);
        if (found.isEmpty() || entry.dbn < 0 || entry.dbn + entry.blocks > disk.sizeBlocks()) {
            return -1;
        }
        MemorySegment blocks = disk.blocks(entry.dbn, entry.blocks);
        if (op == DiskOp.READ) {
            found.get().copyFrom(blocks);
        } else {
            blocks.copyFrom(found.get());
        }
        return bytes;
    }
}
