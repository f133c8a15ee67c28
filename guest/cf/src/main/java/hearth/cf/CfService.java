package hearth.cf;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

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
}
