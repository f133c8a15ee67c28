package hearth.domain0.config;

import hearth.base.Units;

/// Memory that outlives a guest.
public record MemoryConfig(long cacheBytes, long logHalfBytes, boolean hugePages) {
    public static final MemoryConfig DEFAULT = new MemoryConfig(256L * Units.MIB, 32L * Units.MIB, true);
}
