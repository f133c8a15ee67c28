package hearth.domain0.config;

import hearth.base.Units;

/// The guest's own, private resources: they die with it.
///
/// @param heapBytes the JVM's heap
/// @param consistencyPointIntervalMs the longest time between two consistency points while there are changes
public record GuestConfig(long heapBytes, long consistencyPointIntervalMs) {
    public static final GuestConfig DEFAULT = new GuestConfig(136L * Units.MIB, 5_000);
}
