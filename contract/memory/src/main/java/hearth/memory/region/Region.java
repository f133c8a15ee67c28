package hearth.memory.region;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import hearth.base.Check;
import hearth.base.posix.Descriptors;
import hearth.base.posix.MemoryFiles;
import hearth.base.posix.PosixException;
import hearth.memory.bell.Doorbell;
import hearth.memory.cache.CacheMemory;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.ring.RingBack;
import hearth.memory.ring.RingFront;

/// One process's view of a region: the four files mapped and checked. Attaching takes constant time; no area is
/// scanned. After `close` nothing obtained from it may be used.
public final class Region implements AutoCloseable {
    private static final FileKind[] KINDS = FileKind.values();

    private final int[] fds;
    private final MemorySegment[] files;
    private final String domain;
    private final long instance;
    private final RegionGeometry geometry;

    Region(int[] fds, MemorySegment[] files, FileHeader header) {
        this.fds = fds;
        this.files = files;
        this.domain = header.domain();
        this.instance = header.instance();
        this.geometry = header.geometry();
    }

    /// Guest: maps the four files, control read-only, and checks their headers. The descriptors stay the caller's, who
    /// may close them at once: mappings outlive them.
    public static Region attach(int[] fds) throws IOException {
        Check.that(fds.length == KINDS.length, "a region has four files", fds.length);
        MemorySegment[] files = new MemorySegment[KINDS.length];
        try {
            FileHeader first = map(fds, files, FileKind.CONTROL);
            for (int i = 1; i < KINDS.length; i++) {
                FileHeader header = map(fds, files, KINDS[i]);
                if (header.instance() != first.instance() || !header.geometry().isSameAs(first.geometry())) {
                    throw new RegionException(KINDS[i], "belongs to another region than control");
                }
            }
            var cacheProblem = CacheMemory.problem(files[FileKind.CACHE.ordinal()], first.geometry().cachePlan());
            if (cacheProblem.isPresent()) {
                throw new RegionException(FileKind.CACHE, cacheProblem.get());
            }
            return new Region(new int[0], files, first);
        } catch (IOException e) {
            unmap(files);
            throw e;
        }
    }

    private static FileHeader map(int[] fds, MemorySegment[] files, FileKind kind) throws IOException {
        int fd = fds[kind.ordinal()];
        long sizeBytes = Descriptors.sizeOf(fd);
        if (sizeBytes < FileHeaderLayout.SIZE) {
            throw new RegionException(kind, "has " + sizeBytes + " bytes");
        }
        MemorySegment file = MemoryFiles.map(fd, sizeBytes, kind != FileKind.CONTROL);
        files[kind.ordinal()] = file;
        byte[] page = new byte[FileHeaderLayout.SIZE];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, 0, page, 0, page.length);
        FileHeader header = FileHeader.decode(kind, page);
        if (header.geometry().fileBytes(kind) != sizeBytes) {
            throw new RegionException(kind, "has " + sizeBytes + " bytes, its header says otherwise");
        }
        return header;
    }

    private static void unmap(MemorySegment[] files) {
        for (int i = 0; i < files.length; i++) {
            MemorySegment file = files[i];
            if (file != null) {
                try {
                    MemoryFiles.unmap(file);
                } catch (PosixException e) {
                    throw Check.failed("unmapping our own mapping: " + e.getMessage());
                }
            }
        }
    }

    public String domain() {
        return domain;
    }

    /// Random, not zero: tells this region from every other.
    public long instance() {
        return instance;
    }

    public RegionGeometry geometry() {
        return geometry;
    }

    /// Domain 0: the descriptors to pass, in the order of `FileKind`. Empty in a guest.
    public int[] descriptors() {
        return fds.clone();
    }

    public ControlPage control() {
        MemorySegment file = file(FileKind.CONTROL);
        return new ControlPage(
                file.asSlice(FileHeaderLayout.SIZE, ControlLayout.bytes(geometry.disksMax())), geometry.disksMax());
    }

    public HeartbeatPage heartbeat() {
        return new HeartbeatPage(area(Area.HEARTBEAT).memory());
    }

    /// The guest's configuration counters.
    public SectionCounters guestCounters() {
        return new SectionCounters(area(Area.GUEST_COUNTERS).memory());
    }

    public CheckpointSlots checkpointSlots() {
        return new CheckpointSlots(area(Area.CHECKPOINT).memory(), instance, observer(StoreGroup.CHECKPOINT));
    }

    private static StoreObserver observer(StoreGroup group) {
        return DeathPoint.ARMED ? () -> DeathPoint.stored(group) : StoreObserver.NONE;
    }

    public RootRecord root() {
        return new RootRecord(area(Area.ROOT).memory(), instance, observer(StoreGroup.ROOT));
    }

    public VerifierWords verifier() {
        return new VerifierWords(area(Area.VERIFIER).memory());
    }

    /// Rung by domain 0 when the flushed position or the journal's state moved; the guest waits at it.
    public Doorbell flushedBell() {
        return new Doorbell(control().flushedBellWord(), heartbeat().flushedBellWaiter());
    }

    /// Memory of one area for the class that owns its layout.
    public AreaSlice area(Area area) {
        return new AreaSlice(file(FileKind.GUEST).asSlice(geometry.offset(area), geometry.size(area)));
    }

    /// Guest: the buffer cache as this incarnation uses it.
    public CacheMemory cache(long incarnation) {
        ControlPage control = control();
        return new CacheMemory(file(FileKind.CACHE), geometry.cachePlan(), incarnation, control::isBusy);
    }

    /// Guest: its side of the disk rings. Once per process.
    public RingFront ringFront() {
        return new RingFront(file(FileKind.RINGS), geometry.ringPlan());
    }

    /// Domain 0: its side of the disk rings. Once per region.
    public RingBack ringBack() {
        return new RingBack(file(FileKind.RINGS), geometry.ringPlan());
    }

    /// Domain 0: finds and bounds the memory that ring entries name.
    public TransferMemory transferMemory() {
        return new TransferMemory(files, geometry);
    }

    MemorySegment file(FileKind kind) {
        return files[kind.ordinal()];
    }

    /// Unmaps; domain 0 also closes the descriptors, after which the memory is gone once no guest maps it.
    @Override
    public void close() {
        unmap(files);
        for (int fd : fds) {
            Descriptors.close(fd);
        }
    }
}
