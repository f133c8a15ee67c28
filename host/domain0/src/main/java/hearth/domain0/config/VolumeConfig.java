package hearth.domain0.config;

/// A volume made when the aggregate is formatted; afterwards the aggregate's own volumes win.
///
/// @param sizeBytes the most that it may hold; 0: as much as the aggregate has
public record VolumeConfig(String name, long sizeBytes) {
    /// One without a limit.
    public VolumeConfig(String name) {
        this(name, 0);
    }
}
