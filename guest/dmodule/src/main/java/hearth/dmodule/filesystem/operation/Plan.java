package hearth.dmodule.filesystem.operation;

import java.lang.foreign.MemorySegment;
import java.util.List;

import hearth.cf.CfReply;
import hearth.dmodule.filesystem.core.SpaceAccounting;

/// What a mutation will do, completely: it can be carried out under the lock under which it was planned.
///
/// @param payload pieces for the log, whole blocks when joined; valid under the lock
/// @param costBlocks blocks that must still be free for it
record Plan(
        Effect effect, CfReply reply, List<MemorySegment> payload, long costBlocks, SpaceAccounting.Use use) {

    static Plan grow(Effect effect, CfReply reply, long costBlocks) {
        return new Plan(effect, reply, List.of(), costBlocks, SpaceAccounting.Use.GROW);
    }

    int payloadBytes() {
        long bytes = 0;
        for (var piece : payload) {
            bytes += piece.byteSize();
        }
        return Math.toIntExact(bytes);
    }

    static Plan shrink(Effect effect, CfReply reply, long costBlocks) {
        return new Plan(effect, reply, List.of(), costBlocks, SpaceAccounting.Use.SHRINK);
    }
}
