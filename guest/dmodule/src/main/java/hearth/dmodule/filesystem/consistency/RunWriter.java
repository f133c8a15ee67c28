package hearth.dmodule.filesystem.consistency;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import hearth.base.Check;
import hearth.base.Units;
import hearth.dmodule.filesystem.core.BlockStore;

import static hearth.base.Units.BLOCK_SIZE;

/// Gathers blocks with consecutive numbers and hands each run to the store as one write. One for all
/// consistency points, so that none allocates native memory. One thread.
final class RunWriter {
    private static final int RUN_MAX = Units.MIB / BLOCK_SIZE;

    private final BlockStore store;
    private final MemorySegment buffer = Arena.ofAuto().allocate((long) RUN_MAX * BLOCK_SIZE, BLOCK_SIZE);
    private long first;
    private int count;
    private long written;

    RunWriter(BlockStore store) {
        this.store = store;
    }

    /// A new consistency point begins.
    void begin() {
        count = 0;
        written = 0;
    }

    /// Room for the 4096 bytes of block `vbn`, to be filled before the next call.
    MemorySegment next(long vbn) throws IOException {
        if (count == RUN_MAX || count > 0 && vbn != first + count) {
            send();
        }
        if (count == 0) {
            first = vbn;
        }
        return buffer.asSlice((long) count++ * BLOCK_SIZE, BLOCK_SIZE);
    }

    void write(long vbn, byte[] bytes) throws IOException {
        Check.that(bytes.length == BLOCK_SIZE, "length of a block", bytes.length);
        MemorySegment.copy(bytes, 0, next(vbn), ValueLayout.JAVA_BYTE, 0, BLOCK_SIZE);
    }

    /// Starts what is left; the store's `flush` makes it durable.
    void send() throws IOException {
        if (count > 0) {
            store.write(first, count, buffer.asSlice(0, (long) count * BLOCK_SIZE));
            written += count;
            count = 0;
        }
    }

    /// Blocks written since `begin`.
    long written() {
        return written;
    }
}
