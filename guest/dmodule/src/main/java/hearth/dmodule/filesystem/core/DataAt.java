package hearth.dmodule.filesystem.core;

import hearth.dmodule.filesystem.format.BlockPointer;

/// Where a file block's bytes are now. Valid while the lock is held; afterwards a copy is judged by its CRC32C, and a
/// copy that does not match means: resolve again.
public sealed interface DataAt {
    /// Reads as zeros.
    record Hole() implements DataAt {
        public static final Hole HOLE = new Hole();
    }

    /// In the log, not yet on disk.
    ///
    /// @param payloadRef what `putData` was given
    /// @param crc CRC32C of the 4096 bytes
    record InLog(long payloadRef, int crc) implements DataAt {}

    /// On disk, and perhaps in the buffer cache.
    record OnDisk(BlockPointer pointer) implements DataAt {}
}
