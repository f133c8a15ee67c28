package hearth.dmodule.raid;

import java.util.OptionalLong;

/// What is known of the group from elsewhere, before its labels are read.
///
/// @param aggregateId the aggregate that these disks should hold; empty: whatever they agree on
/// @param generationMin label generation that the journal has seen; older labels are not the group's newest
public record Expectation(OptionalLong aggregateId, long generationMin) {
    /// Nothing is known.
    public static final Expectation NONE = new Expectation(OptionalLong.empty(), 0);
}
