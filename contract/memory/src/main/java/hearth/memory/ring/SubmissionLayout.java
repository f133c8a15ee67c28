package hearth.memory.ring;

/// One disk request in the submission ring. The guest writes it before it moves the tail on; domain 0 copies it out
/// and judges the copy.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 4 | OP | 1 read, 2 write, 3 flush |
/// | 4 | 4 | SLOT | index in the device table |
/// | 8 | 8 | DBN | first disk block, units of 4 KiB |
/// | 16 | 4 | BLOCKS | 1 to 256; 0 for a flush |
/// | 20 | 4 | FILE | where the bytes are: 0 rings (staging), 1 cache, 2 guest |
/// | 24 | 8 | MEMORY | offset of the bytes in that file |
/// | 32 | 8 | EPOCH | the guest's epoch |
/// | 40 | 8 | TAG | given back in the completion |
/// | 48 | 4 | SECTION | what the request is for: ordinal of `IoSection` |
/// | 52 | 4 | FLAGS | zero |
/// | 56 | 8 | - | zero |
public final class SubmissionLayout {
    private SubmissionLayout() {}

    public static final int OP_OFFSET = 0;
    public static final int SLOT_OFFSET = OP_OFFSET + Integer.BYTES;
    public static final int DBN_OFFSET = SLOT_OFFSET + Integer.BYTES;
    public static final int BLOCKS_OFFSET = DBN_OFFSET + Long.BYTES;
    public static final int FILE_OFFSET = BLOCKS_OFFSET + Integer.BYTES;
    public static final int MEMORY_OFFSET = FILE_OFFSET + Integer.BYTES;
    public static final int EPOCH_OFFSET = MEMORY_OFFSET + Long.BYTES;
    public static final int TAG_OFFSET = EPOCH_OFFSET + Long.BYTES;
    public static final int SECTION_OFFSET = TAG_OFFSET + Long.BYTES;
    public static final int FLAGS_OFFSET = SECTION_OFFSET + Integer.BYTES;
    public static final int SIZE = FLAGS_OFFSET + Integer.BYTES + 8;
}
