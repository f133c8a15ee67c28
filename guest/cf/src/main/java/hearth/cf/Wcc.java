package hearth.cf;

import java.util.Optional;

/// Weak cache consistency data (RFC 1813 §2.6 wcc_data): what an object was right before and right after a change,
/// taken atomically with it.
public record Wcc(Optional<Before> before, Optional<Attributes> after) {
    /// The part of the attributes that tells a client whether its cache was current.
    public record Before(long sizeBytes, long modifyTimeNs, long changeTimeNs) {}

    /// Nothing is known of the object.
    public static final Wcc UNKNOWN = new Wcc(Optional.empty(), Optional.empty());
}
