package hearth.memory.journal;

import hearth.base.Units;

/// A journal file, little-endian. Its size is fixed when it is made and its space is taken at once.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 4096 | HEADER_0 | header slot of the even generations: JournalHeaderLayout |
/// | 4096 | 4096 | HEADER_1 | header slot of the odd generations |
/// | 8192 | n | ENTRIES | the circle: entries at multiples of 64, JournalEntryLayout |
public final class JournalLayout {
    private JournalLayout() {}

    public static final int HEADER_0_OFFSET = 0;
    public static final int HEADER_1_OFFSET = HEADER_0_OFFSET + Units.BLOCK_SIZE;
    public static final int ENTRIES_OFFSET = HEADER_1_OFFSET + Units.BLOCK_SIZE;

    /// Where the header of this generation stands: two slots in turn, so that a torn write leaves the other.
    public static long headerOffset(long generation) {
        return (generation & 1) == 0 ? HEADER_0_OFFSET : HEADER_1_OFFSET;
    }
}
