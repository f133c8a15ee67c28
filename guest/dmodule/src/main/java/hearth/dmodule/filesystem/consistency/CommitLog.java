package hearth.dmodule.filesystem.consistency;

import java.lang.foreign.MemorySegment;

/// The log as a consistency point needs it.
public interface CommitLog {
    /// Under the exclusive lock: from here on records go to the other half if that is free.
    ///
    /// @param generation of the consistency point that starts
    /// @return LSN of the last record so far: all of them are in the frozen set
    long freeze(long generation);

    /// Records up to `lastLsn` are in a durable root: their half can be filled again.
    void durable(long lastLsn, long generation);

    /// Copies the 4096 bytes of a payload block. The caller compares their checksum.
    void copyPayload(long payloadRef, MemorySegment to, long toOffset);
}
