package hearth.dmodule.buffer;

import java.util.concurrent.atomic.LongAdder;

/// Counters of one incarnation. Any thread.
public final class BufferStatistics {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder verified = new LongAdder();
    final LongAdder fills = new LongAdder();
    final LongAdder shared = new LongAdder();
    final LongAdder noFrame = new LongAdder();

    /// Finds that gave the block; the verified ones are among them.
    public long hits() {
        return hits.sum();
    }

    /// Finds that did not; the refused ones are among them.
    public long misses() {
        return misses.sum();
    }

    /// Frames that did not hold what the pointer demanded.
    public long refused() {
        return refused.sum();
    }

    /// Frames that were checked on their first hit in this incarnation.
    public long verified() {
        return verified.sum();
    }

    /// Frames filled, by reads and by consistency points.
    public long fills() {
        return fills.sum();
    }

    /// Readers that waited for another one's fill instead of reading the disk.
    public long shared() {
        return shared.sum();
    }

    /// Blocks that found no frame, because all of the set were busy or being filled.
    public long noFrame() {
        return noFrame.sum();
    }
}
