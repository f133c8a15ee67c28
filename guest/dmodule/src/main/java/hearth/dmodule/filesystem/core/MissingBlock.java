package hearth.dmodule.filesystem.core;

import hearth.dmodule.filesystem.format.BlockPointer;

/// A metadata block that the logic needs is not in memory. The caller leaves the lock, has it fetched
/// (`FileSystem.fetch`) and starts the whole operation over. Has no stack trace: it is an answer, and a frequent one
/// on a cold cache.
public final class MissingBlock extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient BlockPointer pointer;

    public MissingBlock(BlockPointer pointer) {
        super("block not in memory", null, false, false);
        this.pointer = pointer;
    }

    /// The block to fetch.
    public BlockPointer pointer() {
        return pointer;
    }
}
