package hearth.system.rehearsal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.base.Units;
import hearth.memory.label.DiskId;

/// A disk in private memory, for a rehearsal that needs no file. Written by the ring server only.
final class MemoryDisk {
    private final DiskId id;
    private final long sizeBlocks;
    private final MemorySegment bytes;

    /// Lives as long as `arena`.
    MemoryDisk(DiskId id, long sizeBlocks, Arena arena) {
        this.id = id;
        this.sizeBlocks = sizeBlocks;
        bytes = arena.allocate(sizeBlocks * Units.BLOCK_SIZE, Units.BLOCK_SIZE);
    }

    DiskId id() {
        return id;
    }

    long sizeBlocks() {
        return sizeBlocks;
    }

    /// Memory of some blocks.
    MemorySegment blocks(long dbn, long count) {
        Check.that(dbn >= 0 && count > 0 && dbn + count <= sizeBlocks, "blocks of a disk", dbn, count);
        return bytes.asSlice(dbn * Units.BLOCK_SIZE, count * Units.BLOCK_SIZE);
    }

    void write(long dbn, byte[] block) {
        blocks(dbn, 1).copyFrom(MemorySegment.ofArray(block));
    }
}
