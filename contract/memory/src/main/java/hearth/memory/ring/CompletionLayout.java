package hearth.memory.ring;

/// One answer in the completion ring, from domain 0.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | TAG | of the submission |
/// | 8 | 8 | EPOCH | of the submission |
/// | 16 | 4 | STATUS | 0 ok, 1 I/O error, 2 short, 3 stale epoch, 4 bad request, 5 no device |
/// | 20 | 4 | ERRNO | the kernel's error number, or 0 |
/// | 24 | 4 | BYTES | bytes moved |
/// | 28 | 36 | - | zero |
public final class CompletionLayout {
    private CompletionLayout() {}

    public static final int TAG_OFFSET = 0;
    public static final int EPOCH_OFFSET = TAG_OFFSET + Long.BYTES;
    public static final int STATUS_OFFSET = EPOCH_OFFSET + Long.BYTES;
    public static final int ERRNO_OFFSET = STATUS_OFFSET + Integer.BYTES;
    public static final int BYTES_OFFSET = ERRNO_OFFSET + Integer.BYTES;
    public static final int SIZE = BYTES_OFFSET + Integer.BYTES + 36;
}
