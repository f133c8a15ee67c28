package hearth.domain0.domain;

import java.util.List;
import java.util.Map;

import hearth.domain0.journal.Flusher;

/// A domain as `status` shows it. Numbers that only a guest knows are those that the last one left behind.
///
/// @param reason why it FAILED or STOPPED, else ""
/// @param pid of the guest, 0 for none
/// @param plan how the guest came up
/// @param listen `address:port` as chosen
/// @param urls for libnfs, one for each export and address
/// @param mounts command lines for the kernel's client, in the same order
/// @param lastOutageMs from the last death's notice to listening again, -1 for none yet
/// @param confinement what keeps the guest from the rest of the machine
/// @param counters all of the guest's own, by name
/// @param procedures of the file protocol, in the order of their numbers
public record DomainStatus(
        String name,
        State state,
        String reason,
        long incarnation,
        long epoch,
        int pid,
        String plan,
        List<String> listen,
        List<String> urls,
        List<String> mounts,
        double lastOutageMs,
        long restarts,
        Space space,
        Cache cache,
        Log log,
        Journal journal,
        List<DiskState> disks,
        int hugePagePercent,
        String confinement,
        List<Long> probesByGuest,
        List<Long> probesByHost,
        Map<String, Long> counters,
        List<Procedure> procedures) {

    /// What the reason of a FAILED domain starts with when no later start can do better until somebody acts.
    public static final String CANNOT_SERVE = "the guest cannot serve: ";

    /// Where a domain is in its life.
    public enum State {
        STARTING,
        LISTENING,
        RESTARTING,
        STOPPED,
        FAILED
    }

    /// Bytes of the aggregate.
    public record Space(long totalBytes, long usedBytes, long freeBytes, long reservedBytes) {}

    /// The buffer cache. Hits and misses are the incarnation's.
    public record Cache(long frames, long framesUsed, long hits, long misses, double hitRatio, long refused,
            long verified) {}

    /// The log: how full its active half is, and how many records are not yet in the journal.
    public record Log(long usedBytes, long halfBytes, long committedLsn, long durableLsn, long flushLagRecords) {}

    /// The journal: `ok` or `degraded` and why, and the files that take writes.
    public record Journal(String state, String why, long flushedLsn, List<String> files, int filesConfigured,
            Flusher.Flushes flushes) {}

    /// Calls of a procedure, and how many of them failed; the incarnation's.
    public record Procedure(String name, long calls, long errors) {}

    /// One disk: `present`, `absent`, or `stale` (there, but the mirror went on without it).
    ///
    /// @param degraded true when its mirror misses a member
    /// @param io since the host started
    /// @param usedAs what it is for
    /// @param labelGeneration generation of its label as far as this host knows, 0 for none
    public record DiskState(String name, String file, String state, boolean degraded, DiskIo io, long sizeBytes,
            String usedAs, long labelGeneration) {}

    /// Requests that a disk was asked for, by all incarnations.
    public record DiskIo(long reads, long writes, long flushes, long readBlocks, long writtenBlocks, long completions,
            long errors) {}
}
