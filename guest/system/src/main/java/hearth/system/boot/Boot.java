package hearth.system.boot;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import hearth.base.Check;
import hearth.base.posix.PosixException;
import hearth.cf.Lpc;
import hearth.checkpoint.BootInputs;
import hearth.checkpoint.BootPlan;
import hearth.checkpoint.BootPlan.ConventionalBoot;
import hearth.checkpoint.BootPlan.FastRestart;
import hearth.checkpoint.BootPlan.Reason;
import hearth.checkpoint.BootPlanner;
import hearth.checkpoint.CheckpointPart;
import hearth.checkpoint.Checkpointer;
import hearth.checkpoint.CounterReadings;
import hearth.checkpoint.RegionStore;
import hearth.checkpoint.RestoreException;
import hearth.dmodule.buffer.BufferCache;
import hearth.dmodule.disk.DevicesPart;
import hearth.dmodule.disk.Disk;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.dmodule.filesystem.ContainersPart;
import hearth.dmodule.filesystem.FileSystem;
import hearth.dmodule.filesystem.FileSystemParts;
import hearth.dmodule.filesystem.MountResult;
import hearth.dmodule.filesystem.VolumesPart;
import hearth.dmodule.filesystem.operation.EffectReplayer;
import hearth.dmodule.filesystem.operation.Operations;
import hearth.dmodule.nvlog.NvLog;
import hearth.dmodule.nvlog.ReplayOutcome;
import hearth.dmodule.raid.Assembly;
import hearth.dmodule.raid.Expectation;
import hearth.dmodule.raid.LabelProbe;
import hearth.dmodule.raid.Mirror;
import hearth.dmodule.raid.RaidAssembly;
import hearth.dmodule.raid.RaidPart;
import hearth.dmodule.raid.RaidState;
import hearth.memory.cache.CacheMemory;
import hearth.memory.log.LogArea;
import hearth.memory.region.BootStage;
import hearth.memory.region.Counter;
import hearth.memory.region.Device;
import hearth.memory.region.HeartbeatPage;
import hearth.memory.region.Region;
import hearth.memory.ring.IoSection;
import hearth.nmodule.net.NetLimits;
import hearth.nmodule.nfs.NfsServer;
import hearth.system.wiring.Heartbeat;
import hearth.system.wiring.LogCommit;
import hearth.system.wiring.RaidCounters;
import hearth.system.wiring.RaidStore;
import hearth.system.wiring.RegionReservations;
import hearth.system.wiring.RegionRoots;

/// Brings one incarnation to where it can listen: plan, sections, replay. Used once, by one thread.
///
/// On the way of a fast restart no `switch` matches patterns: each makes a class when it is first met, and no
/// ahead-of-time cache keeps it.
public final class Boot {
    private static final long GATE_LOOK_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private final BootEnvironment env;
    private final Region region;
    private final HeartbeatPage page;
    private final Heartbeat heartbeat;
    private final Checkpointer checkpointer;
    private final CacheMemory cacheMemory;
    private final LogArea logArea;
    private final NvLog log;
    private final DiskFrontEnd disks;
    private final DevicesPart devicesPart = new DevicesPart();
    private final RaidPart raidPart = new RaidPart();
    private final VolumesPart volumesPart = new VolumesPart();
    private final ContainersPart containersPart = new ContainersPart();
    private final Membership membership;

    /// Storage up to the file system, not replayed yet.
    ///
    /// @param fresh the aggregate was just made
    private record Storage(BootPlan plan, Mirror raid, BufferCache cache, FileSystem fileSystem, boolean fresh) {}

    private Boot(BootEnvironment env, Heartbeat heartbeat) throws BootException {
        this.env = env;
        this.heartbeat = heartbeat;
        region = env.region();
        page = region.heartbeat();
        checkpointer = new Checkpointer(env.assign().domain(), region.instance(),
                region.control().hostCounters(), region.guestCounters(), new RegionStore(region.checkpointSlots()));
        membership = new Membership(checkpointer, raidPart, env);
        cacheMemory = region.cache(env.assign().incarnation());
        logArea = LogParts.area(region);
        log = LogParts.open(logArea, env);
        disks = new DiskFrontEnd(region.ringFront(), env.assign().epoch(), page::addProbe,
                thrown -> env.fatal().fatal("disk completions", thrown));
    }

    /// Everything up to listening.
    ///
    /// @throws BootException this guest and its successors cannot serve as things are
    public static Booted run(BootEnvironment env, Heartbeat heartbeat) throws BootException {
        var boot = new Boot(env, heartbeat);
        try {
            return boot.run();
        } catch (BootException e) {
            boot.disks.close();
            throw e;
        }
    }

    private Booted run() throws BootException {
        CounterReadings before = checkpointer.readings();
        BootPlan plan = decide(before);
        dropCacheIfDistrusted();
        announce(plan);
        heartbeat.reached(BootStage.PLANNED);
        Storage storage = storage(plan);
        log.askForConsistencyPoints(reason -> storage.fileSystem().requestConsistencyPoint(reason.name()));
        Operations operations =
                new Operations(storage.fileSystem(), log, env.clock(), region.verifier()::verifier);
        NfsServer server = server(operations);
        heartbeat.reached(BootStage.NETWORK);
        if (!storage.fresh()) {
            replay(storage.fileSystem());
        }
        heartbeat.reached(BootStage.REPLAYED);
        if (!(storage.plan() instanceof FastRestart)) {
            saveCheckpoint(before);
        }
        membership.checkpointIsSaved();
        RaidCounters.publish(page, storage.raid().state());
        disks.setSection(IoSection.NORMAL);
        return new Booted(storage.plan(), disks, storage.raid(), storage.cache(), storage.fileSystem(), log,
                operations, server, new Containers(checkpointer, containersPart, storage.fileSystem(), env.events()));
    }

    // Plan.

    private BootPlan decide(CounterReadings before) throws BootException {
        int refused = region.checkpointSlots().refused();
        page.setCounter(Counter.CHECKPOINT_REFUSED, refused);
        if (refused > 0) {
            env.event("checkpoint.refused", "slots", refused);
        }
        try {
            return BootPlanner.decide(new BootInputs(checkpointer.load(), before, region.instance(),
                    env.config().failedStarts(), !env.assign().fastAllowed()));
        } catch (IOException e) {
            throw Check.failed("the region's store reads no disk: " + e.getMessage());
        }
    }

    private void dropCacheIfDistrusted() {
        if (env.config().dropCache() || env.config().failedStarts() >= BootPlanner.FAILED_STARTS_MAX) {
            cacheMemory.drop();
            env.event("cache.dropped", "failed_starts", env.config().failedStarts());
        }
    }

    private void announce(BootPlan plan) {
        page.setPlan(plan.code(), plan.reason().ordinal());
        String stale = plan instanceof ConventionalBoot conventional ? conventional.stale().toString() : "{}";
        env.event("boot.decided", "domain", env.assign().domain(), "incarnation", env.assign().incarnation(),
                "plan", plan.title(), "reason", plan.reason(), "stale", stale);
    }

    private Storage storage(BootPlan plan) throws BootException {
        if (plan instanceof FastRestart fast) {
            try {
                return restore(fast);
            } catch (IOException e) {
                env.event("boot.restore-failed", "why", String.valueOf(e.getMessage()));
                var instead = new ConventionalBoot(Reason.RESTORE_FAILED);
                announce(instead);
                return probe(instead);
            }
        }
        return probe(plan);
    }

    // Fast restart.

    private Storage restore(FastRestart plan) throws IOException {
        List<CheckpointPart> parts = List.of(devicesPart, raidPart, volumesPart, containersPart);
        Checkpointer.restore(plan.checkpoint(), parts);
        heartbeat.reached(BootStage.DEVICES);
        disks.setSection(IoSection.RAID);
        // The sections are whole, so a member that leaves from here on has one to keep true.
        membership.checkpointIsSaved();
        Mirror raid = openMirror(raidPart.state(), false);
        heartbeat.reached(BootStage.RAID);
        disks.setSection(IoSection.VOLUMES);
        BufferCache cache = new BufferCache(cacheMemory, raid.state().aggregateId());
        MountResult mount = FileSystem.mountFromRegion(fileSystemParts(raid, cache));
        if (!(mount instanceof MountResult.Mounted(FileSystem fileSystem))) {
            throw new RestoreException(volumesPart.section(), mount.toString());
        }
        if (fileSystem.lastLsn() < logArea.durableLsn()) {
            // The newer of the two committed roots is damaged; the disks have it.
            throw new RestoreException(volumesPart.section(), "the region's root is older than its log");
        }
        volumesPart.compare(fileSystem);
        heartbeat.reached(BootStage.VOLUMES);
        containersPart.compare(fileSystem);
        heartbeat.reached(BootStage.CONTAINERS);
        return new Storage(plan, raid, cache, fileSystem, false);
    }

    // Conventional boot.

    private Storage probe(BootPlan plan) throws BootException {
        region.checkpointSlots().clear();
        awaitGate();
        disks.setSection(IoSection.DEVICES);
        List<Disk> attached = attachedDisks();
        var probed = LabelProbe.probe(disks, attached);
        devicesPart.discovered(attached);
        heartbeat.reached(BootStage.DEVICES);
        disks.setSection(IoSection.RAID);
        long aggregateId = env.config().aggregateId();
        var expected = new Expectation(aggregateId == 0 ? OptionalLong.empty() : OptionalLong.of(aggregateId),
                env.config().labelGenerationMin());
        Mirror raid = assemble(RaidAssembly.assemble(probed, expected));
        heartbeat.reached(BootStage.RAID);
        disks.setSection(IoSection.VOLUMES);
        BufferCache cache = new BufferCache(cacheMemory, raid.state().aggregateId());
        var found = new Aggregates(env, raid, log, fileSystemParts(raid, cache)).find();
        heartbeat.reached(BootStage.VOLUMES);
        volumesPart.mounted(found.fileSystem());
        containersPart.mounted(found.fileSystem());
        heartbeat.reached(BootStage.CONTAINERS);
        return new Storage(plan, raid, cache, found.fileSystem(), found.fresh());
    }

    /// What a dead incarnation's late write may still change is not read.
    private void awaitGate() {
        while (region.control().writeGate() != 0) {
            LockSupport.parkNanos(GATE_LOOK_NS);
            heartbeat.progress();
        }
    }

    private List<Disk> attachedDisks() throws BootException {
        List<Disk> attached = region.control().devices().stream()
                .filter(device -> device.state() == Device.State.PRESENT)
                .map(device -> new Disk(device.slot(), device.id(), device.sizeBlocks()))
                .toList();
        if (attached.isEmpty()) {
            throw new BootException(BootException.Kind.DISKS, "no disk is attached");
        }
        return attached;
    }

    private Mirror assemble(Assembly assembly) throws BootException {
        switch (assembly) {
            case Assembly.Incomplete(String why) -> throw new BootException(BootException.Kind.DISKS, why);
            case Assembly.Foreign(String why) -> throw new BootException(BootException.Kind.FOREIGN, why);
            case Assembly.Assembled(RaidState state, boolean moveOn, List<String> warnings) -> {
                warnings.forEach(warning -> env.event("raid.degraded", "why", warning));
                raidPart.changed(state);
                try {
                    Mirror raid = openMirror(state, moveOn);
                    raidPart.changed(raid.state());
                    return raid;
                } catch (IOException e) {
                    throw new BootException(BootException.Kind.DISKS, "labels cannot be written", e);
                }
            }
        }
    }

    // Both.

    private Mirror openMirror(RaidState state, boolean moveOn) throws IOException {
        return Mirror.open(disks, state, moveOn, new Mirror.Setting(
                env.assign().incarnation(), env.random(), env.clock(), env.events(), membership));
    }

    private FileSystemParts fileSystemParts(Mirror raid, BufferCache cache) {
        var standard = FileSystemParts.Limits.DEFAULT;
        var limits = new FileSystemParts.Limits(
                env.config().consistencyPointIntervalMs(), standard.workingSetBlocks(), standard.pressure());
        return new FileSystemParts(new RaidStore(raid, cache), new RegionRoots(region.root()), new LogCommit(log),
                new RegionReservations(region.reservations(), logArea), env.clock(), env.events(), limits);
    }

    private NfsServer server(Operations operations) throws BootException {
        try {
            return new NfsServer(
                    new Lpc(operations), env.clock(), NetLimits.defaults(), env.fatal(), env.firstReply());
        } catch (PosixException e) {
            throw new BootException(BootException.Kind.CONFIGURATION, "the kernel gives no descriptors", e);
        }
    }

    private void replay(FileSystem fileSystem) throws BootException {
        disks.setSection(IoSection.REPLAY);
        ReplayOutcome outcome;
        try {
            outcome = log.replay(fileSystem.lastLsn(),
                    new BeatingReplayer(new EffectReplayer(fileSystem, log), heartbeat), env.journal());
        } catch (IOException e) {
            throw new BootException(BootException.Kind.DISKS, "replay met a disk that does not answer", e);
        }
        page.setCounter(Counter.LOG_RECORDS_FETCHED, log.fetchedRecords());
        if (outcome instanceof ReplayOutcome.Replayed(long records, long bytes, long _)) {
            page.setCounter(Counter.REPLAYED_RECORDS, records);
            page.setCounter(Counter.REPLAYED_BYTES, bytes);
            if (records > 0) {
                // Soon after listening: a guest that dies again and again would replay more each time.
                fileSystem.requestConsistencyPoint("replay");
            }
        } else {
            giveUpRest(fileSystem, outcome);
        }
        page.setCounter(Counter.LOG_LOSSES, region.verifier().lossCount());
    }

    private void giveUpRest(FileSystem fileSystem, ReplayOutcome outcome) throws BootException {
        switch (outcome) {
            case ReplayOutcome.Replayed _ -> {}
            case ReplayOutcome.Damaged(long lsn, long endLsn, String why) -> {
                env.event("log.loss-declared", "from_lsn", lsn, "to_lsn", endLsn, "why", why);
                region.verifier().declareLoss();
                log.acceptLoss();
                // Nothing can be appended until it is durable; it is made as soon as the guest listens.
                fileSystem.requestConsistencyPoint("loss");
            }
            case ReplayOutcome.Poisoned(long lsn, long endLsn, int deaths) ->
                throw new BootException(BootException.Kind.LOG, "record " + lsn + " of " + endLsn + " ended "
                        + deaths + " incarnations that replayed it");
        }
    }

    private void saveCheckpoint(CounterReadings before) {
        try {
            checkpointer.saveAll(List.of(devicesPart, raidPart, volumesPart, containersPart), before);
        } catch (IOException e) {
            env.event("checkpoint.not-saved", "why", String.valueOf(e.getMessage()));
        }
    }
}
