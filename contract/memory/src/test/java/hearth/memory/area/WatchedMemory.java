package hearth.memory.area;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Shared memory that shows itself after each store, bytes being stored in pieces of 16: what a guest killed right
/// there leaves behind.
public final class WatchedMemory extends AreaMemory {
    private static final int PIECE_BYTES = 16;

    private final MemorySegment memory;
    private Runnable watcher = () -> {};

    public WatchedMemory(MemorySegment memory) {
        super(memory);
        this.memory = memory;
    }

    public void watch(Runnable watcher) {
        this.watcher = watcher;
    }

    /// The memory as a successor finds it if the writer dies now.
    public MemorySegment snapshot() {
        return Arena.ofAuto().allocate(memory.byteSize(), 64).copyFrom(memory);
    }

    @Override
    public void copyIn(byte[] from, int fromOffset, long offset, int length) {
        for (int done = 0; done < length; done += PIECE_BYTES) {
            super.copyIn(from, fromOffset + done, offset + done, Math.min(PIECE_BYTES, length - done));
        }
    }

    @Override
    public void copyIn(MemorySegment from, long fromOffset, long offset, long length) {
        for (long done = 0; done < length; done += PIECE_BYTES) {
            super.copyIn(from, fromOffset + done, offset + done, Math.min(PIECE_BYTES, length - done));
        }
    }

    @Override
    protected void stored() {
        watcher.run();
    }
}
