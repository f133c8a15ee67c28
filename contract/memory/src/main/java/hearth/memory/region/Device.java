package hearth.memory.region;

import hearth.memory.label.DiskId;

/// One entry of the device table as it was read.
///
/// @param slot index, the number that ring entries carry
/// @param generation changes whenever anything in the entry does
public record Device(int slot, DiskId id, long generation, long sizeBlocks, State state) {
    public enum State {
        EMPTY,
        PRESENT,
        ABSENT
    }
}
