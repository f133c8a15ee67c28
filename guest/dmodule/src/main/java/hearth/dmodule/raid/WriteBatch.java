package hearth.dmodule.raid;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.base.Units;
import hearth.dmodule.disk.DiskMemory;

/// Blocks on their way to all members in sync. Neighbouring blocks put one after the other travel together. One thread
/// at a time; it may read in between, but an open batch holds memory, so only a few may be open at once. Nothing is
/// known to stand anywhere before `complete` returns, and nothing is durable before the `flush` of the RAID system that
/// follows it.
public interface WriteBatch extends AutoCloseable {
    /// Room for the 4 KiB of block `vbn`, to be filled before the batch is asked for anything else, and not changed
    /// until `complete`. May park until memory is free.
    MemorySegment room(long vbn) throws RaidException;

    /// Copies one block of 4 KiB; the caller may reuse its bytes at once. May park until memory is free.
    default void put(long vbn, MemorySegment block) throws RaidException {
        Check.that(block.byteSize() == Units.BLOCK_SIZE, "put takes one block", block.byteSize());
        room(vbn).copyFrom(block);
    }

    /// The same from an array.
    default void put(long vbn, byte[] block) throws RaidException {
        put(vbn, MemorySegment.ofArray(block));
    }

    /// Sends whole blocks straight from shared memory, which must not change before `complete`.
    void put(long vbn, DiskMemory blocks) throws RaidException;

    /// Waits until every block stands on every member that is in sync then. A member that failed is left behind,
    /// durably, before this returns.
    void complete() throws RaidException;

    /// Ends the batch; what was not completed may stand or not.
    @Override
    void close();
}
