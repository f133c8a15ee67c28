package hearth.memory.region;

import hearth.base.Units;

/// Three slots for complete fsinfo blocks; each is a `CommitSlotLayout` header and 4 KiB.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 4160 | COMMITTED_0 | a committed root |
/// | 4160 | 4160 | COMMITTED_1 | the one before or after it |
/// | 8320 | 4160 | INTENT | the root that a consistency point is writing to the disks |
public final class RootLayout {
    private RootLayout() {}

    public static final int SLOT_SIZE = CommitSlotLayout.SIZE + Units.BLOCK_SIZE;
    public static final int COMMITTED_0_OFFSET = 0;
    public static final int COMMITTED_0_SIZE = SLOT_SIZE;
    public static final int COMMITTED_1_OFFSET = COMMITTED_0_OFFSET + COMMITTED_0_SIZE;
    public static final int COMMITTED_1_SIZE = SLOT_SIZE;
    public static final int INTENT_OFFSET = COMMITTED_1_OFFSET + COMMITTED_1_SIZE;
    public static final int INTENT_SIZE = SLOT_SIZE;
    public static final int SIZE = INTENT_OFFSET + INTENT_SIZE;
}
