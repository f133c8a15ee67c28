package hearth.memory.region;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;

import hearth.base.Units;
import hearth.memory.cache.CachePlan;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.RingPlan;
import hearth.memory.ring.TransferFile;

/// Judges where a ring entry wants its bytes, for the disk back-end. A disk may read only into staging slots and
/// cache frames and may write from these and from the log; anything else in an entry is a bad request.
public final class TransferMemory {
    private final MemorySegment[] files;
    private final CachePlan cache;
    private final RingPlan rings;
    private final long logOffset;
    private final long logEndOffset;

    TransferMemory(MemorySegment[] files, RegionGeometry geometry) {
        this.files = files;
        this.cache = geometry.cachePlan();
        this.rings = geometry.ringPlan();
        this.logOffset = geometry.offset(Area.LOG);
        this.logEndOffset = logOffset + geometry.size(Area.LOG);
    }

    /// The memory of `bytes` bytes at `offset` of the file with ordinal `file`; empty when a request of this kind must
    /// not touch it.
    public Optional<MemorySegment> find(DiskOp op, int file, long offset, long bytes) {
        if (bytes <= 0 || offset < 0 || offset % Units.BLOCK_SIZE != 0 && op == DiskOp.READ) {
            return Optional.empty();
        }
        if (file == TransferFile.RINGS.ordinal()) {
            return slice(FileKind.RINGS, rings.stagingOffset(), rings.endOffset(), offset, bytes);
        }
        if (file == TransferFile.CACHE.ordinal()) {
            return slice(FileKind.CACHE, cache.framesOffset(), cache.endOffset(), offset, bytes);
        }
        if (file == TransferFile.GUEST.ordinal() && op == DiskOp.WRITE) {
            return slice(FileKind.GUEST, logOffset, logEndOffset, offset, bytes);
        }
        return Optional.empty();
    }

    private Optional<MemorySegment> slice(FileKind kind, long start, long end, long offset, long bytes) {
        boolean inside = offset >= start && offset < end && bytes <= end - offset;
        return inside ? Optional.of(files[kind.ordinal()].asSlice(offset, bytes)) : Optional.empty();
    }

    /// The first frame that a request into the cache touches; empty for other files. For the list of busy frames.
    public OptionalLong frame(int file, long offset) {
        if (file != TransferFile.CACHE.ordinal() || offset < cache.framesOffset() || offset >= cache.endOffset()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((offset - cache.framesOffset()) / Units.BLOCK_SIZE);
    }
}
