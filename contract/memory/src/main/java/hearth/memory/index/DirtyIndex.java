package hearth.memory.index;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.memory.area.AreaMemory;
import hearth.memory.death.StoreGroup;
import hearth.memory.log.RecordLayout;

/// The dirty index of one half. One thread at a time writes, under the file system's lock; readers take the lock too or
/// live with an entry that is not believed.
///
/// Invariants: at most three quarters of the entries are in use, so a probe ends; an entry's LSN is at least START_LSN
/// and its filling is the present one, or the entry is empty; the indexed LSN moves after the entries that it speaks
/// of.
public final class DirtyIndex {
    private final AreaMemory memory;
    private final int entries;

    /// `entries`, a power of two, comes from the region's geometry.
    public DirtyIndex(MemorySegment memory, int entries) {
        this(new AreaMemory(memory, StoreGroup.INDEX), entries);
    }

    DirtyIndex(AreaMemory memory, int entries) {
        Check.that(memory.sizeBytes() >= DirtyIndexLayout.sizeBytes(entries), "index is too small", memory.sizeBytes());
        this.memory = memory;
        this.entries = entries;
    }

    /// What stands under a key.
    public sealed interface Lookup {
        /// The newest record of this half with the key: its LSN, its position in the half in bytes, and the number of
        /// the payload block.
        record Entry(long lsn, long position, int piece) implements Lookup {}

        record Nothing() implements Lookup {}
    }

    /// Whether a key was taken in.
    public sealed interface Put {
        record Done() implements Put {}

        /// Three quarters are in use: nothing was changed, a consistency point must come first.
        record Full() implements Put {}
    }

    private static final int PIECE_SHIFT = 32;
    private static final int PIECE_MAX = 0xFFFF;
    private static final int FILLING_SHIFT = 48;
    private static final long FILLING_MASK = 0xFFFF;
    private static final Lookup NOTHING = new Lookup.Nothing();
    private static final Put DONE = new Put.Done();
    private static final Put FULL = new Put.Full();

    /// Empties the index for the lap that begins with `startLsn`, whatever stands in it: for a new lap, and before a
    /// replay fills the index of a lap that goes on. A guest killed on the way leaves an index whose
    /// first LSN is not its half's: to be cleared again.
    public void clear(long startLsn) {
        Check.that(startLsn > 0, "LSNs start at 1", startLsn);
        memory.putLongFirst(DirtyIndexLayout.START_LSN_OFFSET, 0);
        memory.putLong(DirtyIndexLayout.COUNT_OFFSET, 0);
        memory.putLong(DirtyIndexLayout.FILLING_OFFSET, memory.getLong(DirtyIndexLayout.FILLING_OFFSET) + 1);
        memory.putLong(DirtyIndexLayout.INDEXED_LSN_OFFSET, startLsn - 1);
        memory.putLongRelease(DirtyIndexLayout.START_LSN_OFFSET, startLsn);
    }

    /// The first LSN of the lap, 0 when the index was never used or its clearing was cut short.
    public long startLsn() {
        return memory.getLongAcquire(DirtyIndexLayout.START_LSN_OFFSET);
    }

    /// All records of the lap up to this LSN are indexed.
    public long indexedLsn() {
        return memory.getLongAcquire(DirtyIndexLayout.INDEXED_LSN_OFFSET);
    }

    /// Told after the last key of record `lsn`.
    public void indexed(long lsn) {
        memory.putLongRelease(DirtyIndexLayout.INDEXED_LSN_OFFSET, lsn);
    }

    /// True when `keys` more keys surely find room.
    public boolean roomFor(int keys) {
        return count() + keys <= limit();
    }

    public long count() {
        return memory.getLong(DirtyIndexLayout.COUNT_OFFSET);
    }

    /// Keys that fit at most.
    public long limit() {
        return entries / 4L * 3;
    }

    /// Points `key` at the record `lsn` at `position` bytes in the half. The newest put of a key wins.
    public Put put(DirtyKey key, long lsn, long position, int piece) {
        long start = startLsn();
        Check.that(start > 0 && lsn >= start, "record is not of the index's lap", lsn, start);
        Check.that(position >= 0 && position % RecordLayout.ALIGNMENT == 0, "position is not aligned", position);
        Check.that(piece >= 0 && piece <= PIECE_MAX, "payload block number", piece);
        long filling = filling();
        long place = filling << FILLING_SHIFT | (long) piece << PIECE_SHIFT
                | position / RecordLayout.ALIGNMENT & 0xFFFF_FFFFL;
        long at = find(key, start, filling);
        if (isEmpty(at, start, filling)) {
            if (!roomFor(1)) {
                return FULL;
            }
            memory.putLong(at + EntryLayout.KEY_1_OFFSET, key.first());
            memory.putLong(at + EntryLayout.KEY_2_OFFSET, key.second());
            memory.putLong(at + EntryLayout.PLACE_OFFSET, place);
            memory.putLongRelease(at + EntryLayout.LSN_OFFSET, lsn);
            memory.putLong(DirtyIndexLayout.COUNT_OFFSET, count() + 1);
            return DONE;
        }
        memory.putLong(at + EntryLayout.PLACE_OFFSET, place);
        memory.putLongRelease(at + EntryLayout.LSN_OFFSET, lsn);
        return DONE;
    }

    /// The entry of `key` in this lap; to be believed only if the record there agrees.
    public Lookup get(DirtyKey key) {
        long start = startLsn();
        if (start <= 0) {
            return NOTHING;
        }
        long filling = filling();
        long at = find(key, start, filling);
        long lsn = memory.getLongAcquire(at + EntryLayout.LSN_OFFSET);
        if (isEmpty(at, start, filling)) {
            return NOTHING;
        }
        long place = memory.getLong(at + EntryLayout.PLACE_OFFSET);
        return new Lookup.Entry(lsn, (place & 0xFFFF_FFFFL) * RecordLayout.ALIGNMENT,
                (int) (place >>> PIECE_SHIFT) & PIECE_MAX);
    }

    private long filling() {
        return memory.getLong(DirtyIndexLayout.FILLING_OFFSET) & FILLING_MASK;
    }

    private boolean isEmpty(long at, long start, long filling) {
        return memory.getLongAcquire(at + EntryLayout.LSN_OFFSET) < start
                || memory.getLong(at + EntryLayout.PLACE_OFFSET) >>> FILLING_SHIFT != filling;
    }

    /// The entry with `key`, or the empty one where it would go.
    private long find(DirtyKey key, long start, long filling) {
        int slot = DirtyKey.hash(key.first(), key.second()) & entries - 1;
        for (int probes = 0; probes < entries; probes++) {
            long at = DirtyIndexLayout.HEADER_BYTES + (long) slot * EntryLayout.SIZE;
            if (isEmpty(at, start, filling) || memory.getLong(at + EntryLayout.KEY_1_OFFSET) == key.first()
                    && memory.getLong(at + EntryLayout.KEY_2_OFFSET) == key.second()) {
                return at;
            }
            slot = slot + 1 & entries - 1;
        }
        throw Check.failed("dirty index without an empty entry");
    }
}
