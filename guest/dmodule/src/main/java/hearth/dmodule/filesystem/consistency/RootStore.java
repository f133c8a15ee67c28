package hearth.dmodule.filesystem.consistency;

import java.util.Optional;

/// The root as the region keeps it: outlives the guest, not the host.
public interface RootStore {
    /// fsinfo about to be written to the disks.
    void intend(byte[] fsinfo, long generation);

    Optional<byte[]> intent();

    void clearIntent();

    /// fsinfo that is durable in all its places.
    void commit(byte[] fsinfo, long generation);

    Optional<byte[]> committed();
}
