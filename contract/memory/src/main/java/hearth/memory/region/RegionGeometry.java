package hearth.memory.region;

import hearth.base.Units;
import hearth.memory.cache.CachePlan;
import hearth.memory.ring.RingPlan;

import static hearth.base.Units.BLOCK_SIZE;
import static hearth.base.Units.HUGE_PAGE_SIZE;
import static hearth.base.Units.KIB;
import static hearth.base.Units.MIB;

/// Sizes of one region, fixed when it is made; every offset follows from them. Throws IllegalArgumentException with
/// key, value and allowed range when a size is out of its limits.
///
/// @param cacheBytes frames of the buffer cache, a multiple of 2 MiB
/// @param logHalfBytes one half of the log, a multiple of 4 KiB
/// @param disksMax entries of the device table
/// @param duplicateEntries duplicate-request table, a multiple of 8
/// @param indexEntriesPerHalf dirty index of one log half, a power of two
/// @param ringEntries entries of each ring, a power of two
/// @param stagingBytes the rings' staging area, a multiple of 2 MiB
/// @param checkpointSlotBytes one of the two checkpoint slots, a multiple of 4 KiB
/// @param sessionBytes reserved session area, a multiple of 4 KiB
public record RegionGeometry(
        long cacheBytes,
        long logHalfBytes,
        int disksMax,
        int duplicateEntries,
        int indexEntriesPerHalf,
        int ringEntries,
        long stagingBytes,
        int checkpointSlotBytes,
        long sessionBytes) {

    public static final long CACHE_BYTES_DEFAULT = 256L * MIB;
    public static final long LOG_HALF_BYTES_DEFAULT = 32L * MIB;

    static final int DUPLICATE_ENTRY_SIZE = 640;
    static final int INDEX_ENTRY_SIZE = 32;

    public RegionGeometry {
        within("cache-bytes", cacheBytes, HUGE_PAGE_SIZE, 4096L * Units.GIB, HUGE_PAGE_SIZE);
        within("log-half-bytes", logHalfBytes, 2L * MIB, 16L * Units.GIB, BLOCK_SIZE);
        within("disks-max", disksMax, 1, 1 << 16, 1);
        within("duplicate-entries", duplicateEntries, 8, 1 << 22, 8);
        within("index-entries-per-half", indexEntriesPerHalf, 128, 1 << 24, 1);
        powerOfTwo("index-entries-per-half", indexEntriesPerHalf);
        within("ring-entries", ringEntries, 2, 1 << 15, 1);
        powerOfTwo("ring-entries", ringEntries);
        within("staging-bytes", stagingBytes, HUGE_PAGE_SIZE, Units.GIB, HUGE_PAGE_SIZE);
        within("checkpoint-slot-bytes", checkpointSlotBytes, BLOCK_SIZE, 64L * MIB, BLOCK_SIZE);
        within("session-bytes", sessionBytes, 0, 16L * Units.GIB, BLOCK_SIZE);
    }

    private static void within(String key, long value, long lowest, long highest, long unit) {
        if (value < lowest || value > highest || value % unit != 0) {
            throw new IllegalArgumentException(key + " is " + value + ", allowed: " + lowest + " to " + highest
                    + (unit > 1 ? ", multiples of " + unit : ""));
        }
    }

    private static void powerOfTwo(String key, long value) {
        if (Long.bitCount(value) != 1) {
            throw new IllegalArgumentException(key + " is " + value + ", allowed: powers of two");
        }
    }

    /// What a controller gets when the configuration says nothing.
    public static RegionGeometry defaults() {
        return of(CACHE_BYTES_DEFAULT, LOG_HALF_BYTES_DEFAULT);
    }

    /// The two sizes that administrators choose; the rest by default.
    public static RegionGeometry of(long cacheBytes, long logHalfBytes) {
        return new RegionGeometry(
                cacheBytes, logHalfBytes, 1024, 65536, 65536, 256, 8L * MIB, 256 * KIB, 4L * MIB);
    }

    /// What `equals` says, without the classes that a record's own makes when it is first called: an attaching guest
    /// would wait for them.
    public boolean isSameAs(RegionGeometry other) {
        return cacheBytes == other.cacheBytes
                && logHalfBytes == other.logHalfBytes
                && disksMax == other.disksMax
                && duplicateEntries == other.duplicateEntries
                && indexEntriesPerHalf == other.indexEntriesPerHalf
                && ringEntries == other.ringEntries
                && stagingBytes == other.stagingBytes
                && checkpointSlotBytes == other.checkpointSlotBytes
                && sessionBytes == other.sessionBytes;
    }

    /// Offset of an area in the `guest` file.
    public long offset(Area area) {
        long offset = FileHeaderLayout.SIZE;
        for (Area before : Area.values()) {
            if (before == area) {
                break;
            }
            offset += size(before);
        }
        return offset;
    }

    /// Bytes of an area in the `guest` file, a multiple of 4 KiB.
    public long size(Area area) {
        long bytes = switch (area) {
            case HEARTBEAT -> HeartbeatLayout.SIZE;
            case GUEST_COUNTERS -> SectionCountersLayout.SIZE;
            case CHECKPOINT -> 2L * checkpointSlotBytes;
            case ROOT -> RootLayout.SIZE;
            case VERIFIER -> VerifierLayout.SIZE;
            case LOG -> BLOCK_SIZE + 2 * logHalfBytes;
            case INDEX_0, INDEX_1 -> BLOCK_SIZE + (long) indexEntriesPerHalf * INDEX_ENTRY_SIZE;
            case DUPLICATES -> BLOCK_SIZE + (long) duplicateEntries * DUPLICATE_ENTRY_SIZE;
            case SESSION -> sessionBytes;
        };
        return Units.roundUp(bytes, BLOCK_SIZE);
    }

    /// Where sets and frames stand in the `cache` file.
    public CachePlan cachePlan() {
        return CachePlan.of(FileHeaderLayout.SIZE, cacheBytes);
    }

    /// Where the rings stand in the `rings` file.
    public RingPlan ringPlan() {
        return new RingPlan(FileHeaderLayout.SIZE, ringEntries, stagingBytes);
    }

    /// Size of a file, a multiple of 2 MiB.
    public long fileBytes(FileKind kind) {
        long bytes = switch (kind) {
            case CONTROL -> FileHeaderLayout.SIZE + ControlLayout.bytes(disksMax);
            case GUEST -> offset(Area.SESSION) + size(Area.SESSION);
            case CACHE -> cachePlan().endOffset();
            case RINGS -> ringPlan().endOffset();
        };
        return Units.roundUp(bytes, HUGE_PAGE_SIZE);
    }

    /// Memory that a region of this geometry takes as soon as it is made.
    public long memoryNeededBytes() {
        long bytes = 0;
        for (FileKind kind : FileKind.values()) {
            bytes += fileBytes(kind);
        }
        return bytes;
    }
}
