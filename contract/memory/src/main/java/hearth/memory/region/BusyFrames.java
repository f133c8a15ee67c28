package hearth.memory.region;

/// Cache frames into which a dead incarnation's disk read may still write.
@FunctionalInterface
public interface BusyFrames {
    /// For a cache that no dead incarnation read into.
    BusyFrames NONE = frame -> false;

    boolean isBusy(long frame);
}
