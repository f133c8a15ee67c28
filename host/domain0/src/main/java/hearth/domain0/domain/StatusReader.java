package hearth.domain0.domain;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import hearth.base.Units;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.ExportConfig;
import hearth.domain0.disk.DiskTraffic;
import hearth.memory.label.MemberState;
import hearth.memory.log.LogArea;
import hearth.memory.region.Area;
import hearth.memory.region.Counter;
import hearth.memory.region.HeartbeatPage;

/// Puts a domain's status together from what its parts and the guest's page say. Numbers that a guest wrote are shown,
/// never relied on.
final class StatusReader {
    private static final double NS_PER_MS = 1e6;
    /// By the number under which a guest counts them: NFS version 3 (RFC 1813, section 3.3), then MOUNT version 3.
    private static final List<String> PROCEDURES = List.of("NULL", "GETATTR", "SETATTR", "LOOKUP", "ACCESS", "READLINK",
            "READ", "WRITE", "CREATE", "MKDIR", "SYMLINK", "MKNOD", "REMOVE", "RMDIR", "RENAME", "LINK", "READDIR",
            "READDIRPLUS", "FSSTAT", "FSINFO", "PATHCONF", "COMMIT", "MOUNT_NULL", "MOUNT_MNT", "MOUNT_DUMP",
            "MOUNT_UMNT", "MOUNT_UMNTALL", "MOUNT_EXPORT");

    private final ControllerConfig config;
    private final Storage storage;
    private final String confinement;
    private final Supplier<List<ExportConfig>> exports;

    /// @param exports as they are now
    StatusReader(ControllerConfig config, Storage storage, String confinement, Supplier<List<ExportConfig>> exports) {
        this.config = config;
        this.storage = storage;
        this.confinement = confinement;
        this.exports = exports;
    }

    DomainStatus read(LifeBoard life) {
        HeartbeatPage page = storage.region().heartbeat();
        Optional<Incarnation> current = life.current();
        List<Timeline> timelines = life.timelines();
        Optional<Timeline> latest = timelines.isEmpty() ? Optional.empty() : Optional.of(timelines.getLast());
        List<InetSocketAddress> listeners = storage.listeners().addresses();
        long outageNs = life.lastOutageNs();
        return new DomainStatus(
                config.name(),
                life.state(),
                life.stateReason(),
                storage.region().control().incarnation(),
                storage.region().control().epoch(),
                current.map(incarnation -> incarnation.guest().pid()).orElse(0),
                current.map(Incarnation::plan).orElse(""),
                NfsAddresses.listen(listeners),
                NfsAddresses.urls(listeners, exports.get()),
                NfsAddresses.mounts(listeners, exports.get()),
                outageNs < 0 ? -1 : outageNs / NS_PER_MS,
                life.restarts(),
                space(page),
                cache(page),
                log(page),
                journal(),
                disks(page),
                storage.hugePages().percent(),
                confinement,
                latest.map(Timeline::probesByGuest).orElse(List.of()),
                latest.map(Timeline::probesByHost).orElse(List.of()),
                counters(page),
                procedures(page));
    }

    private static List<DomainStatus.Procedure> procedures(HeartbeatPage page) {
        List<DomainStatus.Procedure> procedures = new ArrayList<>();
        for (int i = 0; i < PROCEDURES.size(); i++) {
            procedures.add(new DomainStatus.Procedure(
                    PROCEDURES.get(i), page.procedureCalls(i), page.procedureErrors(i)));
        }
        return procedures;
    }

    /// Names as in answers: `CACHE_HITS` is `cacheHits`.
    private static Map<String, Long> counters(HeartbeatPage page) {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            var name = new StringBuilder();
            for (String word : counter.name().toLowerCase(Locale.ROOT).split("_")) {
                name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
            }
            counters.put(name.toString(), page.counter(counter));
        }
        return counters;
    }

    private static DomainStatus.Space space(HeartbeatPage page) {
        long total = page.counter(Counter.TOTAL_BLOCKS) * Units.BLOCK_SIZE;
        long free = page.counter(Counter.FREE_BLOCKS) * Units.BLOCK_SIZE;
        return new DomainStatus.Space(
                total, total - free, free, page.counter(Counter.RESERVED_BLOCKS) * Units.BLOCK_SIZE);
    }

    private static DomainStatus.Cache cache(HeartbeatPage page) {
        long hits = page.counter(Counter.CACHE_HITS);
        long misses = page.counter(Counter.CACHE_MISSES);
        double ratio = hits + misses == 0 ? 0 : (double) hits / (hits + misses);
        return new DomainStatus.Cache(page.counter(Counter.CACHE_FRAMES), page.counter(Counter.CACHE_FRAMES_USED), hits,
                misses, ratio, page.counter(Counter.CACHE_REFUSED), page.counter(Counter.CACHE_VERIFIED));
    }

    private DomainStatus.Log log(HeartbeatPage page) {
        var log = new LogArea(storage.region().area(Area.LOG).memory(), storage.region().geometry().logHalfBytes(),
                storage.region().instance());
        long durable = log.durableLsn();
        long stable = Math.max(storage.region().control().flushedLsn(), durable);
        return new DomainStatus.Log(page.counter(Counter.LOG_USED_BYTES), log.halfBytes(), log.committedLsn(), durable,
                Math.max(0, log.committedLsn() - stable));
    }

    private DomainStatus.Journal journal() {
        String why = storage.flusher().degradedBecause();
        return new DomainStatus.Journal(why.isEmpty() ? "ok" : "degraded", why,
                storage.region().control().flushedLsn(),
                storage.flusher().liveFiles().stream().map(Path::toString).toList(), config.journal().files().size(),
                storage.flusher().flushes());
    }

    private List<DomainStatus.DiskState> disks(HeartbeatPage page) {
        long members = page.counter(Counter.RAID_MEMBERS);
        boolean degraded = page.counter(Counter.RAID_MEMBERS_IN_SYNC) < members
                || storage.disks().stream().anyMatch(disk -> disk.disk().isEmpty());
        List<DomainStatus.DiskState> states = new ArrayList<>();
        for (int slot = 0; slot < storage.disks().size(); slot++) {
            DiskOpening.Opened disk = storage.disks().get(slot);
            String state = state(slot);
            long generation = state.equals("present") ? storage.labels().generation()
                    : disk.label().map(label -> label.generation().number()).orElse(0L);
            states.add(new DomainStatus.DiskState(disk.config().name(), disk.config().file().toString(),
                    state, degraded, io(slot), disk.sizeBlocks() * Units.BLOCK_SIZE,
                    "half " + slot + " of the mirror", generation));
        }
        return states;
    }

    private String state(int slot) {
        if (storage.disks().get(slot).disk().isEmpty()) {
            return "absent";
        }
        boolean stale = storage.labels().memberState(slot).filter(state -> state == MemberState.MISSING).isPresent();
        return stale ? "stale" : "present";
    }

    private DomainStatus.DiskIo io(int slot) {
        DiskTraffic traffic = storage.backEnd().traffic();
        return new DomainStatus.DiskIo(
                traffic.reads(slot), traffic.writes(slot), traffic.flushes(slot), traffic.readBlocks(slot),
                traffic.writtenBlocks(slot), traffic.completions(slot), traffic.errors(slot));
    }
}
