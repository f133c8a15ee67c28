package hearth.dmodule.filesystem.core;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.memory.cache.FramePins;

/// The aggregate's blocks as the file system needs them: RAID and the buffer cache behind one face. May park the
/// calling thread; called without the `FsLock`, but for the synchronous reads of `FsState.applying`.
public interface BlockStore {
    /// vbns of the aggregate, 0 included.
    long blocks();

    /// Generation number of the members' labels, for fsinfo.
    long labelGeneration();

    /// Copies a part of a block if the buffer cache has it and its checksum is right. Never asks a disk, never waits:
    /// may be called under the lock.
    boolean cached(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset);

    /// Before `pinned` for many blocks: brings near the processor what it will look at for this one.
    default void touch(BlockPointer pointer, FramePins pins) {
        // A store that pins nothing looks at nothing.
    }

    /// Adds a part of a block to `pins` uncopied, if the buffer cache can keep it as it is until they are released.
    /// False: `cached` says whether it is there. As that one, never waits.
    default boolean pinned(BlockPointer pointer, int offset, int length, FramePins pins) {
        return false;
    }

    /// Copies a part of a block, from the cache or else from disk, which fills the cache.
    ///
    /// @throws DamagedBlock no copy of the block has the bytes that the pointer describes
    void read(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset) throws IOException;

    /// Brings blocks with consecutive vbns into the cache by one disk request, as far as nobody else is bringing them
    /// and frames can be had. Says nothing about damage or disks that do not answer: whoever reads the blocks is told.
    default void gather(List<BlockPointer> run) {
        // A store without requests has nothing to save.
    }

    /// Room for the 4096 bytes of block `vbn`, from which they go to the disks; `write` follows before anything else is
    /// asked of the writing side. One thread writes.
    MemorySegment room(long vbn) throws IOException;

    /// The room given last holds block `vbn`, whose CRC32C is `crc`: starts writing it, neighbours together, and puts
    /// it into the cache in place of whatever was cached for this number. That it is durable is known only after
    /// `flush`.
    void write(long vbn, int crc) throws IOException;

    /// Waits until every write so far is durable.
    void flush() throws IOException;

    /// Writes a block at `dbn` of every member, below RAID; durable at return.
    void writeRoot(long dbn, byte[] block) throws IOException;

    /// The block at `dbn` of every member that is current; members that cannot be read are left out.
    List<byte[]> readRoots(long dbn) throws IOException;
}
