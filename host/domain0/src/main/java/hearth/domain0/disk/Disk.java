package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

import hearth.base.Units;

/// Bytes that outlive a guest, addressed by offset. All calls block: platform threads only, any number at once.
/// A write is durable once a `flush` that began after it has returned.
public interface Disk extends AutoCloseable {
    /// Fills `to` from `offsetBytes`; returns the bytes read, fewer only at the disk's end.
    long readAt(MemorySegment to, long offsetBytes) throws IOException;

    /// Writes all of `from` at `offsetBytes`. After a failure any part of it may stand there.
    void writeAt(MemorySegment from, long offsetBytes) throws IOException;

    /// Makes every write that has returned durable. A failure is final: it is remembered, never retried, and from then
    /// on every write and flush fails, because nobody knows what the failed one has lost.
    void flush() throws IOException;

    /// Bytes as found when the disk was opened.
    long sizeBytes();

    /// Whole blocks of 4 KiB.
    default long sizeBlocks() {
        return sizeBytes() / Units.BLOCK_SIZE;
    }

    @Override
    void close();
}
