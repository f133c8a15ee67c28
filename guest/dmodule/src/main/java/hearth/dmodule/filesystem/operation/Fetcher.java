package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;

import hearth.dmodule.filesystem.core.FsAccess;
import hearth.dmodule.filesystem.format.BlockPointer;

/// Brings in the blocks that one call misses. A block can be freed and its place used again between the call's look
/// and the fetch, so one failure only means to look again; the same pointer failing twice is a damaged block.
final class Fetcher {
    private final FsAccess access;
    private BlockPointer failed = BlockPointer.HOLE;

    Fetcher(FsAccess access) {
        this.access = access;
    }

    /// False: the call is to be answered with IO_ERROR.
    boolean fetch(BlockPointer pointer) {
        try {
            access.fetch(pointer);
            return true;
        } catch (IOException unreadable) {
            boolean again = failed.equals(pointer);
            failed = pointer;
            return !again;
        }
    }

    /// The same for several, side by side. If one fails, all are asked for again one by one, and each failure counts as
    /// above.
    boolean fetchAll(Collection<BlockPointer> pointers) {
        var reads = new ArrayList<SideBySide.Task>(pointers.size());
        for (var pointer : pointers) {
            reads.add(() -> access.fetch(pointer));
        }
        try {
            SideBySide.run(reads);
            return true;
        } catch (IOException unreadable) {
            return pointers.stream().allMatch(this::fetch);
        }
    }
}
