package hearth.dmodule.filesystem.operation;

import hearth.cf.CfReply;
import hearth.dmodule.filesystem.core.SpaceAccounting;
import java.lang.foreign.MemorySegment;

/// What a mutation will do, completely: it can be carried out under the lock under which it was planned.
///
/// @param payload whole blocks for the log, or `MemorySegment.NULL`; valid under the lock
/// @param costBlocks blocks that must still be free for it
record Plan(Effect effect, CfReply reply, MemorySegment payload, long costBlocks, SpaceAccounting.Use use) {

    static Plan grow(Effect effect, CfReply reply, long costBlocks) {
        return new Plan(effect, reply, MemorySegment.NULL, costBlocks, SpaceAccounting.Use.GROW);
    }

    static Plan shrink(Effect effect, CfReply reply, long costBlocks) {
        return new Plan(effect, reply, MemorySegment.NULL, costBlocks, SpaceAccounting.Use.SHRINK);
    }
}
