package hearth.dmodule.filesystem.tree;

import hearth.dmodule.filesystem.format.BlockPointer;

/// Where the bytes of metadata blocks come from.
///
/// @param <X> what is thrown when they cannot be had: "not in memory", or a disk's failure
@FunctionalInterface
public interface BlockSource<X extends Exception> {
    /// The 4096 bytes that `pointer`, not a hole, describes; already checked, not to be changed.
    byte[] block(BlockPointer pointer) throws X;
}
