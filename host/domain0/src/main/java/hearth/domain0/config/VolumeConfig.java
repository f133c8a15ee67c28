package hearth.domain0.config;

/// A volume made when the aggregate is formatted; afterwards the aggregate's own volumes win.
public record VolumeConfig(String name) {}
