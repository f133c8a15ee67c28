package hearth.dmodule.filesystem.operation;

import hearth.cf.Caller;
import hearth.memory.index.DirtyKey;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What operations need of the NVLOG: records with effect and answer, their payloads, the duplicate-request table.
/// Methods that may park are called without the file system's lock.
public interface OperationLog {
    /// The answer to: was this call seen before?
    sealed interface Lookup {
        /// It was not; it counts as running until `finished(ticket)`.
        record New(long ticket) implements Lookup {}

        /// It is running now.
        record Running() implements Lookup {}

        /// It was answered so (`CfEncoder.encodeReply`).
        record Answered(byte[] reply) implements Lookup {}
    }

    /// A record in the log.
    ///
    /// @param payload reference of the payload's first block; block n has `payload + n · payloadStep()`
    record Position(long lsn, long payload) {}

    Lookup lookup(Caller caller);

    /// The call is no longer running: answered from the log from now on, or as if never made.
    void finished(long ticket);

    /// Under the exclusive lock: whether a record of that size and so many index keys fit now.
    boolean roomFor(int bodyBytes, long payloadBytes, int indexKeys);

    /// Waits until `roomFor` is worth asking again; has a consistency point made.
    void awaitRoom(int bodyBytes, long payloadBytes, int indexKeys);

    /// Under the exclusive lock, after `roomFor`: publishes one record. Cannot fail.
    ///
    /// @param payload whole blocks, or `MemorySegment.NULL`
    Position append(Caller caller, byte[] effect, MemorySegment payload, byte[] reply);

    /// Under the exclusive lock, after the effect was applied.
    void index(Position position, List<DirtyKey> keys);

    /// How far apart the references of a payload's blocks are.
    long payloadStep();

    /// Copies a part of the block at `reference`. False when the half was emptied meanwhile: the bytes are on disk.
    boolean copyPayload(long reference, int offset, int length, MemorySegment to, long toOffset);

    /// The last record's LSN: everything that was acknowledged or shown until now is at or below it.
    long tail();

    /// Waits until the host's death cannot take records up to `lsn` away.
    void awaitStable(long lsn);
}
