package hearth.dmodule.raid;

import hearth.dmodule.disk.Disk;

/// A member in sync, as it is used.
///
/// @param position in the group
/// @param sizeBlocks the disk's size as its label has it
record Member(int position, Disk disk, long sizeBlocks) {}
