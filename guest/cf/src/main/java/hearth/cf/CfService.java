package hearth.cf;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import hearth.base.posix.IoVector;

/// What a D-module offers to N-modules, here or on a partner.
public interface CfService {
    /// Answers one call. Called on a virtual thread, which may park (for the log, for a disk), never block natively.
    /// An answer that shows an effect is returned only when a guest's death cannot undo it, and, where stability was
    /// asked for, when the host's death cannot either.
    ///
    /// @param payload a write's bytes (`countBytes` of them, private memory), else `MemorySegment.NULL`
    /// @param room where a read's data goes (at least `countBytes`, private memory), else `MemorySegment.NULL`
    CfReply call(Caller caller, CfRequest request, MemorySegment payload, MemorySegment room);

    /// The same where the answer is at hand: nothing is waited for but a lock that is held for moments, so a platform
    /// thread may call it too. Empty: nothing was done, anything may stand in `room`, and `call` has to be asked.
    default Optional<CfReply> tryCall(
            Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
        return Optional.empty();
    }

    /// The same for a read whose bytes need not be copied to `room`: `parts`, which is empty, gets the reply's bytes in
    /// their order, wherever they stand. They stay as they are until `parts` is released. A failure adds none.
    ///
    /// @param room for what has to be copied
    /// @param parts with room for each block of 4 KiB that the read touches
    default Optional<CfReply> tryGather(
            Caller caller, CfRequest.Read request, MemorySegment room, IoVector parts) {
        var reply = tryCall(caller, request, MemorySegment.NULL, room);
        if (reply.isPresent() && reply.get() instanceof CfReply.Data data && data.countBytes() > 0) {
            parts.add(room, 0, data.countBytes());
        }
        return reply;
    }
}
