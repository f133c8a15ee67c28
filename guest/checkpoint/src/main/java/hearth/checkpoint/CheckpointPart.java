package hearth.checkpoint;

/// Stands beside a component that discovers something at boot, and saves and restores what it found.
public interface CheckpointPart {
    Section section();

    /// Differs when what was discovered differs; for comparison after a host reboot, when counters say nothing.
    long fingerprint();

    /// All that `restore` needs.
    byte[] save();

    /// Takes the component to where it was when `save` gave `state`, without probing anything.
    ///
    /// @throws RestoreException these bytes cannot be restored: the boot becomes a conventional one
    void restore(byte[] state) throws RestoreException;
}
