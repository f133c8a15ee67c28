package hearth.dmodule.filesystem.core;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.memory.cache.FramePins;

/// What an operation needs beside the state: the lock, blocks, room. All methods but `lock` and `state` may park the
/// calling virtual thread and are called *without* the lock.
public interface FsAccess {
    FsLock lock();

    FsState state();

    /// Brings a block into memory (the buffer cache, and the heap's working set when it is metadata), checked against
    /// the pointer. After it the same `MissingBlock` does not come again unless the block was evicted meanwhile.
    ///
    /// @throws DamagedBlock no copy has the bytes that the pointer describes: freed and reused since, if starting over
    ///     asks for another block; damaged, if it asks for this one again
    /// @throws IOException the disks do not answer
    void fetch(BlockPointer pointer) throws IOException;

    /// Copies a part of a data block if the buffer cache has it; no disk is asked. False: `fetch` or `read` it.
    boolean copyCached(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset);

    /// Before `pinCached` for many blocks: brings near the processor what it will look at for this one.
    void touchCached(BlockPointer pointer, FramePins pins);

    /// Adds a part of a data block to `pins` uncopied, if the buffer cache can keep it as it is until they are
    /// released. False: `copyCached` says whether it is there.
    boolean pinCached(BlockPointer pointer, int offset, int length, FramePins pins);

    /// Copies a part of a data block, from the buffer cache or else from disk (filling the cache), checked against the
    /// pointer. False: the bytes there are others. The block may have been freed and reused since the pointer was
    /// resolved, so resolve again: only when the tree still has this very pointer is the block damaged (IO_ERROR).
    ///
    /// @throws IOException the disks do not answer
    boolean read(BlockPointer pointer, int offset, int length, MemorySegment to, long toOffset) throws IOException;

    /// Brings blocks with consecutive vbns into the buffer cache together, where that is possible; `read` them then.
    void gather(List<BlockPointer> run);

    /// Asks for a consistency point soon; returns at once. `reason` is a word for the event log ("time", "log").
    void requestConsistencyPoint(String reason);

    /// Asks for one that includes everything applied so far, and waits until it has published.
    void awaitConsistencyPoint(String reason);

    /// After `SpaceAccounting.fits` said no: runs as many consistency points as can help (none when nothing is pending
    /// or promised, at most three) and says whether it fits now. False: answer NO_SPACE.
    boolean makeRoom(long blocks, SpaceAccounting.Use use);

    /// Before every mutation: waits while the heap holds more dirty metadata than it should.
    void admit();

    /// The same without waiting: false where `admit` would wait.
    boolean tryAdmit();
}
