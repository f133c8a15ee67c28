package hearth.dmodule.filesystem.operation;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.base.Units;
import hearth.dmodule.filesystem.core.DataAt;
import hearth.dmodule.filesystem.core.FsAccess;
import hearth.dmodule.filesystem.core.FsState;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.nvlog.NvLog;

/// The bytes of regular files' blocks as a plan needs them: under the exclusive lock, from memory only.
final class FileBytes {
    private final FsAccess access;
    private final NvLog log;

    FileBytes(FsAccess access, NvLog log) {
        this.access = access;
        this.log = log;
    }

    /// Copies a part of a block; for a hole writes nothing and says false.
    boolean copy(FsState state, Inode file, long block, int offset, int length, MemorySegment to, long toOffset)
            throws MissingBlock {
        boolean within = offset >= 0 && length >= 0 && offset + length <= Units.BLOCK_SIZE;
        Check.that(within, "part of a block", offset, length);
        var data = state.data(file, block);
        if (data instanceof DataAt.InLog at) {
            // A half is emptied only after the exclusive lock was taken to publish where its bytes went.
            boolean copied = log.copyPayload(at.payloadRef(), offset, to, toOffset, length);
            Check.that(copied, "payload left the log under the lock", at.payloadRef());
            return true;
        }
        if (data instanceof DataAt.OnDisk at) {
            if (!access.copyCached(at.pointer(), offset, length, to, toOffset)) {
                throw new MissingBlock(at.pointer());
            }
            return true;
        }
        return false;
    }
}
