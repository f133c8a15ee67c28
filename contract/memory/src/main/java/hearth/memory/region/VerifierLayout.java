package hearth.memory.region;

import hearth.base.Units;

/// What the write verifier is made of. It belongs to region and losses, not to an incarnation: clients send unstable
/// writes again only when some may really be lost.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | SEED | random, from the region's maker |
/// | 8 | 8 | LOSS_COUNT | declared losses of acknowledged records; the guest writes |
/// | 16 | 4080 | - | zero |
public final class VerifierLayout {
    private VerifierLayout() {}

    public static final int SEED_OFFSET = 0;
    public static final int LOSS_COUNT_OFFSET = SEED_OFFSET + Long.BYTES;

    /// The page that it has to itself.
    public static final int SIZE = Units.BLOCK_SIZE;
}
