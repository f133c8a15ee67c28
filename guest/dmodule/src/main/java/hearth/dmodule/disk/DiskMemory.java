package hearth.dmodule.disk;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.base.Units;
import hearth.memory.ring.TransferFile;

/// Shared memory that a disk reads into or writes from: staging slots, one cache frame, log payload.
///
/// @param file the memory file, as ring entries name it
/// @param offset of the bytes in that file
/// @param bytes the same bytes here, for copying and checking
public record DiskMemory(TransferFile file, long offset, MemorySegment bytes) {
    static final DiskMemory NONE = new DiskMemory(TransferFile.RINGS, 0, MemorySegment.NULL);

    public int blocks() {
        return (int) (bytes.byteSize() / Units.BLOCK_SIZE);
    }

    /// Some blocks of it.
    public DiskMemory slice(int firstBlock, int blocks) {
        Check.that(firstBlock >= 0 && blocks > 0 && firstBlock + blocks <= blocks(), "slice", firstBlock, blocks);
        long at = (long) firstBlock * Units.BLOCK_SIZE;
        return new DiskMemory(file, offset + at, bytes.asSlice(at, (long) blocks * Units.BLOCK_SIZE));
    }
}
