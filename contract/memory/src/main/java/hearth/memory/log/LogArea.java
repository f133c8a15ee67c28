package hearth.memory.log;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

import hearth.base.Check;
import hearth.memory.area.AreaMemory;

/// The log area's words and bytes. Sizes and seed come from the region's geometry, never from the area itself, so that
/// a reader which distrusts the writer stays within bounds. Any number of threads may read; only [LogWriter] and
/// [LogLoader] store, and `durable`.
public final class LogArea {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long GENERATION_MAX = 1L << 62;

    private final AreaMemory memory;
    private final long halfBytes;
    private final long seed;

    /// `memory` is at least [LogLayout#areaBytes] long and 64-byte aligned; `seed` is the region instance.
    public LogArea(MemorySegment memory, long halfBytes, long seed) {
        this(new AreaMemory(memory), halfBytes, seed);
    }

    LogArea(AreaMemory memory, long halfBytes, long seed) {
        Check.that(memory.sizeBytes() >= LogLayout.areaBytes(halfBytes), "log area is too small", memory.sizeBytes());
        Check.that(halfBytes % RecordLayout.ALIGNMENT == 0, "half is not a multiple of 64", halfBytes);
        this.memory = memory;
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
        if (memory.getLong(LogLayout.MAGIC_OFFSET) != LogLayout.MAGIC) {
            return Optional.of("log magic");
        }
        int version = memory.getInt(LogLayout.VERSION_OFFSET);
        if (version != LogLayout.VERSION) {
            return Optional.of("log version " + version);
        }
        boolean agrees = memory.getLong(LogLayout.HALF_BYTES_OFFSET) == halfBytes
            && memory.getLong(LogLayout.SEED_OFFSET) == seed;
        return agrees ? Optional.empty() : Optional.of("log geometry");
    }

    /// The contiguous committed position: all records up to it are complete.
    public long committedLsn() {
        return memory.getLongAcquire(LogLayout.COMMITTED_LSN_OFFSET);
    }

    /// The last LSN that a durable consistency point includes.
    public long durableLsn() {
        return memory.getLongAcquire(LogLayout.DURABLE_LSN_OFFSET);
    }

    /// Told by the guest when a consistency point is durable. Never moves back.
    public void durable(long lsn) {
        long before = durableLsn();
        Check.that(lsn >= before, "durable LSN moves back", before, lsn);
        memory.putLongRelease(LogLayout.DURABLE_LSN_OFFSET, lsn);
    }

    /// The position that somebody in the guest waits for to be flushed. Lost with a dead guest's waiters; what was
    /// wanted before does no harm.
    public long wantedLsn() {
        return memory.getLongAcquire(LogLayout.WANTED_LSN_OFFSET);
    }

    /// Told by the guest, before it rings, when somebody waits for the records up to `lsn`. One thread at a time.
    public void want(long lsn) {
        memory.putLongRelease(LogLayout.WANTED_LSN_OFFSET, lsn);
    }

    /// The sequence word of the doorbell to the flusher: four bytes, for a `Doorbell` to be built upon.
    public MemorySegment bellWord() {
        return memory.slice(LogLayout.BELL_OFFSET, Integer.BYTES);
    }

    /// The half that the guest appends to: 0 or 1 (only the lowest bit of the word counts).
    public int activeHalf() {
        return (int) (memory.getLongAcquire(LogLayout.ACTIVE_HALF_OFFSET) & 1);
    }

    /// The header of `half`, if it is in use and not being rewritten.
    public Optional<HalfHeader> half(int half) {
        long at = halfHeaderOffset(half);
        long generation = memory.getLongAcquire(at + HalfLayout.GENERATION_OFFSET);
        if (generation <= 0) {
            return Optional.empty();
        }
        long startLsn = memory.getLong(at + HalfLayout.START_LSN_OFFSET);
        long cpGeneration = memory.getLong(at + HalfLayout.CP_GENERATION_OFFSET);
        int crc = memory.getInt(at + HalfLayout.CRC_OFFSET);
        AreaMemory.loadFence();
        var header = new HalfHeader(generation, startLsn, cpGeneration);
        boolean same = memory.getLongAcquire(at + HalfLayout.GENERATION_OFFSET) == generation;
        return same && crc == halfCrc(header) && startLsn > 0 ? Optional.of(header) : Optional.empty();
    }

    /// The generation word of `half` as it stands, negative while its header is being rewritten.
    public long halfGeneration(int half) {
        return memory.getLongAcquire(halfHeaderOffset(half) + HalfLayout.GENERATION_OFFSET);
    }

    /// Copies bytes of a payload out. False, and the copy is worthless, when the half is no longer in that lap.
    public boolean copyOut(int half, long generation, long position, MemorySegment to, long toOffset, long length) {
        checkWithin(position, length);
        memory.copyOut(offset(half, position), to, toOffset, length);
        AreaMemory.loadFence();
        return halfGeneration(half) == generation;
    }

    /// The same into an array.
    public boolean copyOut(int half, long generation, long position, byte[] to, int toOffset, int length) {
        checkWithin(position, length);
        memory.copyOut(offset(half, position), to, toOffset, length);
        AreaMemory.loadFence();
        return halfGeneration(half) == generation;
    }

    /// Stored before a record is run again, and set back to 0 behind it: what is left counts the deaths on the way.
    /// Guest only; outside the record's CRC.
    public void storeAttempts(int half, long position, int attempts) {
        checkWithin(position, RecordLayout.HEADER_BYTES);
        memory.putIntRelease(offset(half, position) + RecordLayout.ATTEMPTS_OFFSET, attempts);
    }

    private void checkWithin(long position, long length) {
        boolean within = position >= 0 && length >= 0 && length <= halfBytes && position <= halfBytes - length;
        Check.that(within, "outside the half", position, length);
    }

    AreaMemory memory() {
        return memory;
    }

    /// From the area's start to `position` in `half`.
    long offset(int half, long position) {
        return LogLayout.HEADER_BYTES + half * halfBytes + position;
    }

    /// Declares `half` void: whatever a reader copied from it until now is refused.
    void voidHalf(int half) {
        long at = halfHeaderOffset(half) + HalfLayout.GENERATION_OFFSET;
        memory.putLongFirst(at, -Math.abs(memory.getLong(at)));
    }

    /// Gives a void half its next lap. A guest killed before the last store leaves it void.
    void openHalf(int half, long startLsn, long cpGeneration) {
        long at = halfHeaderOffset(half);
        long before = memory.getLong(at + HalfLayout.GENERATION_OFFSET);
        Check.that(before <= 0, "half is opened before it was declared void", before);
        // A generation word that noise has struck may be anything; laps themselves never come near the bound.
        long lap = before > -GENERATION_MAX ? 1 - before : 1;
        var header = new HalfHeader(lap, startLsn, cpGeneration);
        memory.putLong(at + HalfLayout.START_LSN_OFFSET, startLsn);
        memory.putLong(at + HalfLayout.CP_GENERATION_OFFSET, cpGeneration);
        memory.putInt(at + HalfLayout.CRC_OFFSET, halfCrc(header));
        memory.putLongRelease(at + HalfLayout.GENERATION_OFFSET, header.generation());
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
