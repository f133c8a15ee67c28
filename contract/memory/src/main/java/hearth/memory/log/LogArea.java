package hearth.memory.log;

import hearth.base.Check;
import hearth.memory.word.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The log area's words and bytes. Sizes and seed come from the region's geometry, never from the area itself, so that
/// a reader which distrusts the writer stays within bounds. Any number of threads may read; only [LogWriter] and
/// [LogLoader] store, and `durable`.
public final class LogArea {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Words words;
    private final long halfBytes;
    private final long seed;

    /// `memory` is at least [LogLayout#areaBytes] long and 64-byte aligned; `seed` is the region instance.
    public LogArea(MemorySegment memory, long halfBytes, long seed) {
        this(new Words(memory), halfBytes, seed);
    }

    LogArea(Words words, long halfBytes, long seed) {
        Check.that(words.sizeBytes() >= LogLayout.areaBytes(halfBytes), "log area is too small", words.sizeBytes());
        Check.that(halfBytes % RecordLayout.ALIGNMENT == 0, "half is not a multiple of 64", halfBytes);
        this.words = words;
        this.halfBytes = halfBytes;
        this.seed = seed;
    }

    public long halfBytes() {
        return halfBytes;
    }

    public long seed() {
        return seed;
    }

    /// Why this is not the log that the geometry describes; empty when it is.
    public Optional<String> complaint() {
        if (words.getLong(LogLayout.MAGIC_OFFSET) != LogLayout.MAGIC) {
            return Optional.of("log magic");
        }
        int version = words.getInt(LogLayout.VERSION_OFFSET);
        if (version != LogLayout.VERSION) {
            return Optional.of("log version " + version);
        }
        boolean agrees = words.getLong(LogLayout.HALF_BYTES_OFFSET) == halfBytes
            && words.getLong(LogLayout.SEED_OFFSET) == seed;
        return agrees ? Optional.empty() : Optional.of("log geometry");
    }

    /// The contiguous committed position: all records up to it are complete.
    public long committedLsn() {
        return words.getLongAcquire(LogLayout.COMMITTED_LSN_OFFSET);
    }

    /// The last LSN that a durable consistency point includes.
    public long durableLsn() {
        return words.getLongAcquire(LogLayout.DURABLE_LSN_OFFSET);
    }

    /// Told by the guest when a consistency point is durable. Never moves back.
    public void durable(long lsn) {
        long before = durableLsn();
        Check.that(lsn >= before, "durable LSN moves back", before, lsn);
        words.putLongRelease(LogLayout.DURABLE_LSN_OFFSET, lsn);
    }

    /// The sequence word of the doorbell to the flusher, for a `Doorbell` to be built upon.
    public MemorySegment bellWord() {
        return words.slice(LogLayout.BELL_OFFSET, Long.BYTES);
    }

    /// The half that the guest appends to: 0 or 1 (only the lowest bit of the word counts).
    public int activeHalf() {
        return (int) (words.getLongAcquire(LogLayout.ACTIVE_HALF_OFFSET) & 1);
    }

    /// The header of `half`, if it is in use and not being rewritten.
    public Optional<HalfHeader> half(int half) {
        long at = halfHeaderOffset(half);
        long generation = words.getLongAcquire(at + HalfLayout.GENERATION_OFFSET);
        if (generation <= 0) {
            return Optional.empty();
        }
        long startLsn = words.getLong(at + HalfLayout.START_LSN_OFFSET);
        long cpGeneration = words.getLong(at + HalfLayout.CP_GENERATION_OFFSET);
        int crc = words.getInt(at + HalfLayout.CRC_OFFSET);
        Words.loadFence();
        var header = new HalfHeader(generation, startLsn, cpGeneration);
        boolean same = words.getLongAcquire(at + HalfLayout.GENERATION_OFFSET) == generation;
        return same && crc == halfCrc(header) && startLsn > 0 ? Optional.of(header) : Optional.empty();
    }

    /// The generation word of `half` as it stands, negative while its header is being rewritten.
    public long halfGeneration(int half) {
        return words.getLongAcquire(halfHeaderOffset(half) + HalfLayout.GENERATION_OFFSET);
    }

    /// Copies bytes of a payload out. False, and the copy is worthless, when the half is no longer in that lap.
    public boolean copyOut(int half, long generation, long position, MemorySegment to, long toOffset, long length) {
        Check.that(position >= 0 && length >= 0 && position + length <= halfBytes, "outside the half", position, length);
        words.copyOut(offset(half, position), to, toOffset, length);
        Words.loadFence();
        return halfGeneration(half) == generation;
    }

    /// The same into an array.
    public boolean copyOut(int half, long generation, long position, byte[] to, int toOffset, int length) {
        Check.that(position >= 0 && length >= 0 && position + length <= halfBytes, "outside the half", position, length);
        words.copyOut(offset(half, position), to, toOffset, length);
        Words.loadFence();
        return halfGeneration(half) == generation;
    }

    Words words() {
        return words;
    }

    /// From the area's start to `position` in `half`.
    long offset(int half, long position) {
        return LogLayout.HEADER_BYTES + half * halfBytes + position;
    }

    /// Declares `half` void: whatever a reader copied from it until now is refused.
    void voidHalf(int half) {
        long at = halfHeaderOffset(half) + HalfLayout.GENERATION_OFFSET;
        words.putLongFirst(at, -Math.abs(words.getLong(at)));
    }

    /// Gives a void half its next lap. A guest killed before the last store leaves it void.
    void openHalf(int half, long startLsn, long cpGeneration) {
        long at = halfHeaderOffset(half);
        long before = words.getLong(at + HalfLayout.GENERATION_OFFSET);
        Check.that(before <= 0, "half is opened before it was declared void", before);
        var header = new HalfHeader(-before + 1, startLsn, cpGeneration);
        words.putLong(at + HalfLayout.START_LSN_OFFSET, startLsn);
        words.putLong(at + HalfLayout.CP_GENERATION_OFFSET, cpGeneration);
        words.putInt(at + HalfLayout.CRC_OFFSET, halfCrc(header));
        words.putLongRelease(at + HalfLayout.GENERATION_OFFSET, header.generation());
    }

    private int halfCrc(HalfHeader header) {
        byte[] bytes = new byte[4 * Long.BYTES];
        LONGS.set(bytes, 0, seed);
        LONGS.set(bytes, 8, header.generation());
        LONGS.set(bytes, 16, header.startLsn());
        LONGS.set(bytes, 24, header.cpGeneration());
        var crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    private static long halfHeaderOffset(int half) {
        return half == 0 ? LogLayout.HALF_0_OFFSET : LogLayout.HALF_1_OFFSET;
    }
}
