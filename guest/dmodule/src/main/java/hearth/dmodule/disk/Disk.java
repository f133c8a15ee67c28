package hearth.dmodule.disk;

import hearth.memory.label.DiskId;

/// An attached disk.
///
/// @param slot index in the device table, which ring entries name
/// @param sizeBlocks blocks of 4 KiB
public record Disk(int slot, DiskId id, long sizeBlocks) {}
