package hearth.cf;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Attributes to set; what is absent stays (RFC 1813 §2.6 sattr3).
public record SetAttributes(
        OptionalInt mode,
        OptionalInt uid,
        OptionalInt gid,
        OptionalLong sizeBytes,
        Optional<SetTime> accessTime,
        Optional<SetTime> modifyTime) {

    /// Sets nothing.
    public static final SetAttributes NOTHING = new SetAttributes(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());

    /// A time to set: the server's own, or the client's.
    public sealed interface SetTime {
        record ServerTime() implements SetTime {}

        record ClientTime(long timeNs) implements SetTime {}
    }
}
