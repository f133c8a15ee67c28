package hearth.checkpoint;

/// What bytes that claim to be a checkpoint turn out to be.
public sealed interface Decoded {
    /// Nothing was stored.
    record Absent() implements Decoded {}

    /// A whole checkpoint of this domain and region.
    record Valid(Checkpoint checkpoint) implements Decoded {}

    /// Not whole, or not a checkpoint at all.
    record Corrupt(String why) implements Decoded {}

    /// Of a version that is no longer read.
    record TooOld(int version) implements Decoded {}

    /// Of a version that a later program wrote.
    record TooNew(int version) implements Decoded {}

    /// Whole, but another domain's or another region's.
    record Foreign(String why) implements Decoded {}
}
