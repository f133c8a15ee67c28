package hearth.domain0.config;

import hearth.base.Units;

/// Bounds of each log file: beyond `sizeBytes` it becomes the newest of its `kept` old ones.
public record LogsConfig(long sizeBytes, int kept) {
    public static final LogsConfig DEFAULT = new LogsConfig(16L * Units.MIB, 4);

    static final long SIZE_BYTES_MIN = 64 * Units.KIB;
    static final long SIZE_BYTES_MAX = Units.GIB;
    static final int KEPT_MAX = 100;
}
