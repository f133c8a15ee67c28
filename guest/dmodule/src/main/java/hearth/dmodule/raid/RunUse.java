package hearth.dmodule.raid;

import java.lang.foreign.MemorySegment;

/// Somebody who copies a batch's blocks elsewhere while the disks write them.
@FunctionalInterface
public interface RunUse {
    /// Nobody.
    RunUse NONE = (_, _) -> () -> {};

    /// Neighbouring blocks from `vbn` on have been sent, by the thread that writes the batch. Their bytes stay as they
    /// are until `await` of what this returns has returned, which the batch calls before it gives the memory back.
    Pending sent(long vbn, MemorySegment blocks);

    /// One run's copying.
    @FunctionalInterface
    interface Pending {
        /// Returns when the bytes are not needed any more.
        void await();
    }
}
