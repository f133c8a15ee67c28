package hearth.dmodule.raid;

import hearth.memory.label.DiskId;
import hearth.memory.label.MemberState;

/// One member of a group, by its position.
///
/// @param slot device table index, -1 when the disk is not attached
/// @param sizeBlocks the disk's size as its label has it, 0 when the label was never seen
public record RaidMember(DiskId id, int slot, long sizeBlocks, MemberState state) {
    boolean isInSync() {
        return state == MemberState.IN_SYNC;
    }
}
