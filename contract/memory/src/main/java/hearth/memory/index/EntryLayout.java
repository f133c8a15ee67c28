package hearth.memory.index;

/// One entry of the dirty index. A new entry becomes visible with LSN, its last store. An entry that moves on gets
/// PLACE first and LSN last; between the two the record at PLACE has another LSN, so it is not believed.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | KEY_1 | type in the highest byte, inode or directory in the others |
/// | 8 | 8 | KEY_2 | file block, name hash or generation |
/// | 16 | 8 | LSN | of the record; last store |
/// | 24 | 8 | PLACE | from the lowest bit: record position / 64 (32 bits), payload block (16), filling (16) |
public final class EntryLayout {
    private EntryLayout() {}

    public static final int KEY_1_OFFSET = 0;
    public static final int KEY_2_OFFSET = KEY_1_OFFSET + Long.BYTES;
    public static final int LSN_OFFSET = KEY_2_OFFSET + Long.BYTES;
    public static final int PLACE_OFFSET = LSN_OFFSET + Long.BYTES;
    public static final int SIZE = PLACE_OFFSET + Long.BYTES;
}
