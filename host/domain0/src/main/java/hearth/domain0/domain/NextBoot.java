package hearth.domain0.domain;

/// What the administrator wants of the next incarnation, once.
///
/// @param conventional probe everything, whatever the boot checkpoint says
/// @param dropCache start with an empty buffer cache
public record NextBoot(boolean conventional, boolean dropCache) {
    /// Nothing: the guest decides.
    public static final NextBoot FREE = new NextBoot(false, false);
}
