package hearth.memory.index;

import hearth.base.Check;

/// The dirty index of one half: a header, then an open-addressing table of entries ([EntryLayout]). Version history: 1;
/// 2: FILLING.
///
/// The index belongs to the lap of the half whose first LSN it names; an entry whose LSN is lower is of an earlier lap
/// and counts as empty, which makes clearing O(1). LSNs are never reused, so no old entry ever counts again. Replay
/// clears the index of a lap that goes on and fills it anew; an entry of another filling counts as empty too, whatever
/// its LSN: also one that was overwritten while no guest ran.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | START_LSN | first LSN of the lap; entries below it are empty; 0 never used |
/// | 8 | 8 | INDEXED_LSN | the keys of all records up to it are here; written after them |
/// | 16 | 8 | COUNT | entries in use; at most one too few after a death |
/// | 24 | 8 | FILLING | grows by one with each clearing; its low 16 bits stand in every entry |
/// | 32 | 32 | - | zero |
public final class DirtyIndexLayout {
    private DirtyIndexLayout() {}

    public static final int START_LSN_OFFSET = 0;
    public static final int INDEXED_LSN_OFFSET = START_LSN_OFFSET + Long.BYTES;
    public static final int COUNT_OFFSET = INDEXED_LSN_OFFSET + Long.BYTES;
    public static final int FILLING_OFFSET = COUNT_OFFSET + Long.BYTES;
    public static final int HEADER_BYTES = 64;

    /// Bytes of an index for `entries`, a power of two.
    public static long sizeBytes(long entries) {
        Check.that(Long.bitCount(entries) == 1, "index entries are not a power of two", entries);
        return HEADER_BYTES + entries * EntryLayout.SIZE;
    }
}
