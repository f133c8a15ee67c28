package hearth.memory.ring;

import hearth.base.Units;

/// Words of the rings. Positions count entries for ever; entry n is at n modulo the ring's size.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | SUBMISSION_TAIL | guest: entries submitted |
/// | 8 | 4 | SUBMISSION_BELL | guest: sequence word, rings once per batch |
/// | 12 | 52 | - | zero |
/// | 64 | 8 | SUBMISSION_HEAD | host: entries taken |
/// | 72 | 4 | SUBMISSION_WAITER | host: waiter flag of the submission bell |
/// | 76 | 52 | - | zero |
/// | 128 | 8 | COMPLETION_TAIL | host: completions delivered |
/// | 136 | 4 | COMPLETION_BELL | host: sequence word |
/// | 140 | 52 | - | zero |
/// | 192 | 8 | COMPLETION_HEAD | guest: completions taken |
/// | 200 | 4 | COMPLETION_WAITER | guest: waiter flag of the completion bell |
/// | 204 | 3892 | - | zero |
public final class RingLayout {
    private RingLayout() {}

    public static final int SUBMISSION_TAIL_OFFSET = 0;
    public static final int SUBMISSION_BELL_OFFSET = SUBMISSION_TAIL_OFFSET + Long.BYTES;
    public static final int SUBMISSION_HEAD_OFFSET = SUBMISSION_BELL_OFFSET + Integer.BYTES + 52;
    public static final int SUBMISSION_WAITER_OFFSET = SUBMISSION_HEAD_OFFSET + Long.BYTES;
    public static final int COMPLETION_TAIL_OFFSET = SUBMISSION_WAITER_OFFSET + Integer.BYTES + 52;
    public static final int COMPLETION_BELL_OFFSET = COMPLETION_TAIL_OFFSET + Long.BYTES;
    public static final int COMPLETION_HEAD_OFFSET = COMPLETION_BELL_OFFSET + Integer.BYTES + 52;
    public static final int COMPLETION_WAITER_OFFSET = COMPLETION_HEAD_OFFSET + Long.BYTES;

    /// The page that the words have to themselves.
    public static final int SIZE = Units.BLOCK_SIZE;
}
