package hearth.dmodule.raid;

import java.lang.foreign.ValueLayout;
import java.util.List;

import hearth.dmodule.disk.DiskMemory;
import hearth.dmodule.disk.Staging;

/// A space of blocks that survives the loss of disks. Any thread; waiting parks. vbn 0 exists but the file system never
/// uses it.
public interface RaidSystem {
    /// Blocks of the space.
    long blocks();

    /// Memory for one read of up to 256 blocks; parks until there is some. Take no second one while holding one.
    Staging staging(int blocks);

    /// Reads neighbouring blocks into `to`, which has room for exactly these.
    ///
    /// @param crcs the checksum that each block must have, or empty when nobody knows: then whatever a member gives is
    ///     taken. A block that one member has wrong is read from another, and rewritten where it was wrong.
    void read(long vbn, DiskMemory to, int... crcs) throws RaidException;

    /// Reads one block with a known checksum.
    default byte[] read(long vbn, int crc) throws RaidException {
        try (Staging staging = staging(1)) {
            read(vbn, staging.memory(), crc);
            return staging.memory().bytes().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /// Begins writing.
    WriteBatch batch();

    /// Makes durable, on every member in sync, all that was completed before.
    void flush() throws RaidException;

    /// Writes a block at a fixed disk block of every member in sync, below RAID, and flushes: fsinfo.
    void writeRoot(long dbn, byte[] block) throws RaidException;

    /// That disk block of each member in sync that can read it.
    List<byte[]> readRoots(long dbn) throws RaidException;

    /// Whether a file system is on it.
    boolean isFormatted();

    /// From now on one is; durable in all labels when this returns.
    void markFormatted() throws RaidException;

    RaidState state();

    RaidStatistics statistics();
}
