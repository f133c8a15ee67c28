package hearth.memory.log;

/// The header of one half. The generation counts the laps; it is negative while the header is being written and
/// positive as the last store, so a guest killed on the way leaves a half that is not there.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | GENERATION | ± lap of this half; 0 never used |
/// | 8 | 8 | START_LSN | LSN of the first record, at position 0 |
/// | 16 | 8 | CP_GENERATION | number that every record of the lap repeats |
/// | 24 | 4 | CRC | CRC32C over seed, generation, START_LSN, CP_GENERATION |
/// | 28 | 36 | - | zero |
public final class HalfLayout {
    private HalfLayout() {}

    public static final int GENERATION_OFFSET = 0;
    public static final int START_LSN_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int CP_GENERATION_OFFSET = START_LSN_OFFSET + Long.BYTES;
    public static final int CRC_OFFSET = CP_GENERATION_OFFSET + Long.BYTES;
    public static final int SIZE = 64;
}
