package hearth.system.rehearsal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.memory.bell.Doorbell;
import hearth.memory.channel.BootConfig;
import hearth.memory.channel.ChannelMessage.Assign;
import hearth.memory.label.DiskGeometry;
import hearth.memory.label.DiskId;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelGeneration;
import hearth.memory.label.RaidType;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogLoader;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogRecord;
import hearth.memory.log.RecordLayout;
import hearth.memory.region.Area;
import hearth.memory.region.ControlPage;
import hearth.memory.region.Device;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionMaker;
import hearth.memory.ring.IoSection;
import hearth.memory.ring.RingBack;

/// Domain 0 in one process with its guest, as much of it as a boot and its clients meet: a real region, labelled disks
/// in memory behind real rings, a flusher with a journal on the heap. One incarnation after the other, with a fence in
/// between. For the rehearsal that fills the AOT cache, and for tests.
public final class RehearsalHost implements AutoCloseable {
    public static final String DOMAIN = "rehearsal";
    public static final String VOLUME = "vol0";
    public static final String EXPORT = "/vol0";

    /// Size of each disk.
    public static final long DISK_BLOCKS = 8_192;
    private static final long FLUSH_WAIT_NS = 20_000_000;
    private static final long AGGREGATE_ID = 0x4845_4152_5448L;

    private final Region region;
    private final ControlPage control;
    private final RingBack ring;
    private final Arena diskMemory = Arena.ofShared();
    private final List<MemoryDisk> disks = new ArrayList<>();
    private final LogArea log;
    private final Doorbell logBell;
    private final Thread flusher;
    private final Arena journalMemory = Arena.ofShared();
    private final MemorySegment oneRecord = journalMemory.allocate(RecordLayout.RECORD_BYTES_MAX, Long.BYTES);
    private final ConcurrentSkipListMap<Long, byte[]> journal = new ConcurrentSkipListMap<>();
    private volatile boolean flushing = true;
    private volatile boolean closing;
    private RingServer server;
    private long incarnation;
    private int failedStarts;
    private boolean fastAllowed = true;

    /// Makes region and disks; no incarnation yet.
    ///
    /// @param random where ids come from
    public RehearsalHost(RegionGeometry geometry, RandomGenerator random) throws IOException {
        region = RegionMaker.make(DOMAIN, geometry, random);
        control = region.control();
        ring = region.ringBack();
        log = new LogArea(region.area(Area.LOG).memory(), geometry.logHalfBytes(), region.instance());
        var loaded = new LogLoader(log).load(0, Collections.emptyIterator(), 0);
        Check.that(loaded instanceof LogLoader.Loaded.Complete, "an empty log is loaded");
        makeDisks(random);
        server = new RingServer(region, ring, disks, control.epoch());
        logBell = control.logBell(log.bellWord());
        flusher = Thread.ofPlatform().name("rehearsal flusher").daemon().start(this::flush);
    }

    private void makeDisks(RandomGenerator random) {
        for (int slot = 0; slot < 2; slot++) {
            disks.add(new MemoryDisk(DiskId.random(random), DISK_BLOCKS, diskMemory));
        }
        List<DiskLabel> labels = DiskLabel.create(AGGREGATE_ID, RaidType.MIRROR,
                disks.stream().map(MemoryDisk::id).toList(), List.of(DISK_BLOCKS, DISK_BLOCKS),
                LabelGeneration.first(random));
        for (int slot = 0; slot < disks.size(); slot++) {
            MemoryDisk disk = disks.get(slot);
            byte[] label = labels.get(slot).encode();
            disk.write(DiskGeometry.FRONT_LABEL_DBN, label);
            disk.write(DiskGeometry.backLabelDbn(DISK_BLOCKS), label);
            control.putDevice(slot, disk.id(), DISK_BLOCKS, Device.State.PRESENT);
        }
    }

    /// The host's view of the region: for tests that change what a guest finds.
    public Region region() {
        return region;
    }

    /// The control page, for tests that change the host's counters.
    public ControlPage control() {
        return control;
    }

    /// What the next `assign` says.
    public void setFastAllowed(boolean allowed) {
        fastAllowed = allowed;
    }

    public void setFailedStarts(int failed) {
        failedStarts = failed;
    }

    /// The next incarnation's order. The one before is dead: `fence` was called.
    public Assign assign() {
        incarnation++;
        control.setIncarnation(incarnation);
        var export = new BootConfig.InitialExport(EXPORT, VOLUME, false, "none", List.of());
        var config = new BootConfig(AGGREGATE_ID, 0, 0, failedStarts, false, 5_000, List.of(VOLUME), List.of(export));
        return new Assign(DOMAIN, incarnation, control.epoch(), 0, fastAllowed, config.lines());
    }

    /// A guest's view of the region: mappings of its own.
    public Region attach() throws IOException {
        return Region.attach(region.descriptors());
    }

    /// After a death: nothing of the old epoch is served any more, the rings are empty.
    public void fence() {
        server.fence();
        control.setEpoch(control.epoch() + 1);
        ring.reset();
        server = new RingServer(region, ring, disks, control.epoch());
    }

    /// Disk requests of a section since the last fence.
    public long requests(IoSection section) {
        return server.requests(section);
    }

    /// Damages one block on every disk.
    public void spoil(long dbn, byte[] block) {
        disks.forEach(disk -> disk.write(dbn, block));
    }

    /// What a disk holds at a place.
    public byte[] block(int slot, long dbn) {
        return disks.get(slot).blocks(dbn, 1).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Whether the flusher works. Off, what is committed from here on is not flushed.
    public void setFlushing(boolean on) {
        flushing = on;
    }

    /// The record as the flusher found it, as far as it is neither in a durable consistency point nor too new.
    public Optional<byte[]> flushedRecord(long lsn) {
        return lsn <= control.flushedLsn() ? Optional.ofNullable(journal.get(lsn)) : Optional.empty();
    }

    private void flush() {
        var reader = new LogReader(log);
        while (!closing) {
            int seen = logBell.sequence();
            if (!flushing || !flushNext(reader)) {
                logBell.await(seen, FLUSH_WAIT_NS);
            }
        }
    }

    private boolean flushNext(LogReader reader) {
        long durable = log.durableLsn();
        journal.headMap(durable, true).clear();
        long flushed = Math.max(control.flushedLsn(), durable);
        if (reader.next(flushed + 1, oneRecord) instanceof LogReader.Answer.Found(LogRecord record)) {
            int length = record.header().length();
            journal.put(record.lsn(), oneRecord.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
            flushed = record.lsn();
        }
        if (flushed <= control.flushedLsn()) {
            return false;
        }
        control.setFlushedLsn(flushed);
        region.flushedBell().ring();
        return true;
    }

    /// Ends the threads and gives the region's memory back. No guest uses it any more.
    @Override
    public void close() {
        closing = true;
        server.fence();
        Uninterruptibly.join(flusher);
        region.close();
        diskMemory.close();
        journalMemory.close();
    }
}
