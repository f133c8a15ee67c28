package hearth.memory.region;

/// One entry of the device table in `control`. Its index is the *slot* that ring entries name.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | ID_HIGH | disk id, first half |
/// | 8 | 8 | ID_LOW | disk id, second half |
/// | 16 | 8 | GENERATION | moves on with every change of the entry; negative while it changes |
/// | 24 | 8 | SIZE_BLOCKS | blocks of 4 KiB |
/// | 32 | 4 | STATE | 0 empty, 1 present, 2 absent |
/// | 36 | 28 | - | zero |
public final class DeviceLayout {
    private DeviceLayout() {}

    public static final int ID_HIGH_OFFSET = 0;
    public static final int ID_LOW_OFFSET = ID_HIGH_OFFSET + Long.BYTES;
    public static final int GENERATION_OFFSET = ID_LOW_OFFSET + Long.BYTES;
    public static final int SIZE_BLOCKS_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int STATE_OFFSET = SIZE_BLOCKS_OFFSET + Long.BYTES;
    public static final int SIZE = STATE_OFFSET + Integer.BYTES + 28;
}
