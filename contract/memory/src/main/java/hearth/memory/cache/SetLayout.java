package hearth.memory.cache;

/// Header of one set: replacement state, then 16 ways.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | LOCK | reserved for caches shared by several guests: incarnation-tagged; 0 in a private one |
/// | 8 | 4 | RRIP | re-reference prediction, two bits a way |
/// | 12 | 52 | - | zero |
/// | 64 | 512 | WAYS | 16 entries of `WayLayout` |
public final class SetLayout {
    private SetLayout() {}

    public static final int LOCK_OFFSET = 0;
    public static final int RRIP_OFFSET = LOCK_OFFSET + Long.BYTES;
    public static final int WAYS_OFFSET = RRIP_OFFSET + Integer.BYTES + 52;
    public static final int WAYS_SIZE = CacheLayout.WAYS_VALUE * WayLayout.SIZE;
    public static final int SIZE = WAYS_OFFSET + WAYS_SIZE;
}
