package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Uninterruptibly;
import hearth.base.Units;
import hearth.base.posix.Errno;
import hearth.base.posix.PosixException;
import hearth.memory.bell.Doorbell;
import hearth.memory.label.DiskGeometry;
import hearth.memory.region.ControlPage;
import hearth.memory.region.Region;
import hearth.memory.region.TransferMemory;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.IoSection;
import hearth.memory.ring.RingBack;
import hearth.memory.ring.Submission;

/// Serves one domain's disk rings: one thread takes requests, a small pool executes them straight between file and
/// region memory. It believes nothing that stands in a ring.
///
/// Invariants:
/// - Only requests of the epoch that was last opened are executed; any other is answered STALE_EPOCH.
/// - After `fence` has returned, no byte that a dead incarnation's read brings reaches memory that its successor uses:
///   staging is filled only under the epoch's lock, and cache frames stand in the list of busy ones or are waited for.
/// - While a dead incarnation's write is in flight the gate is not 0, and no write of a successor is executed.
/// - A completion belongs to the incarnation that asked: those of a dead one are not delivered.
public final class DiskBackEnd implements AutoCloseable {
    /// Blocks of one request.
    public static final int BLOCKS_MAX = 256;

    private static final long IDLE_WAIT_NS = 200_000_000L;
    private static final int NOBODY = 0;

    private final String domain;
    private final ControlPage control;
    private final RingBack ring;
    private final TransferMemory transfers;
    private final DeviceTable devices;
    private final Listener listener;
    private final Clock clock;
    private final Event.Sink events;
    private final int outstandingMax;
    private final DiskTraffic traffic;
    private final List<Thread> threads = new ArrayList<>();

    // Held to deliver into memory of the current epoch, exclusively to end the epoch.
    private final ReentrantReadWriteLock epochLock = new ReentrantReadWriteLock();
    private volatile long servingEpoch = NOBODY;

    // All below under `lock`.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition ended = lock.newCondition();
    private final ArrayDeque<DiskRequest> runnable = new ArrayDeque<>();
    private final ArrayDeque<DiskRequest> heldWrites = new ArrayDeque<>();
    private final Set<DiskRequest> inFlight = new LinkedHashSet<>();
    private volatile boolean closed;

    // Held while entries are taken, so that a fence which has it knows that nobody takes.
    private final Object taking = new Object();
    private boolean serving;
    // Front labels that were written and not flushed yet, by slot.
    private final Map<Integer, byte[]> unflushedLabels = new ConcurrentHashMap<>();
    private volatile IoCounts counts = new IoCounts();

    /// What the back-end tells while it works, on its own threads; nothing here may block for long.
    public interface Listener {
        /// The front label of a disk was written and flushed: its 4 KiB as they went to the disk.
        void labelDurable(int slot, byte[] block);

        /// The guest's ring makes no sense: it is no longer served and should be killed.
        void ringNonsense();
    }

    /// What a fence found.
    ///
    /// @param epoch the new epoch, in which nobody is served before `open`
    /// @param writesInFlight writes of the dead incarnation that form the gate
    /// @param readsInFlight its reads that are still running
    public record Fenced(long epoch, int writesInFlight, int readsInFlight) {}

    /// One for each region. Serves nobody until `open`.
    public DiskBackEnd(
            Region region, DeviceTable devices, int poolThreads, Listener listener, Clock clock, Event.Sink events) {
        this.domain = region.domain();
        this.control = region.control();
        this.ring = region.ringBack();
        this.transfers = region.transferMemory();
        this.devices = devices;
        this.listener = listener;
        this.clock = clock;
        this.events = events;
        this.outstandingMax = region.geometry().ringEntries();
        this.traffic = new DiskTraffic(region.control().disksMax());
        threads.add(start("disks-" + domain, this::takeAll));
        for (int i = 0; i < poolThreads; i++) {
            threads.add(start("disks-" + domain + "-" + i, this::executeAll));
        }
    }

    private static Thread start(String name, Runnable work) {
        return Thread.ofPlatform().name(name).daemon().start(work);
    }

    /// Serves entries of `epoch`, which `fence` returned or, for a first guest, control shows.
    public void open(long epoch) {
        Check.that(epoch > NOBODY && control.epoch() == epoch, "opened for another epoch", epoch, control.epoch());
        synchronized (taking) {
            Check.that(!serving, "opened twice", epoch);
            counts = new IoCounts();
            servingEpoch = epoch;
            serving = true;
        }
        ring.submissionBell().ring();
    }

    /// Requests of the incarnation that is served, or was served last.
    public IoCounts counts() {
        return counts;
    }

    /// What the disks were asked for by all incarnations.
    public DiskTraffic traffic() {
        return traffic;
    }

    /// Ends the epoch. The guest is dead (its pidfd was readable): nothing new enters the ring. Returns at once,
    /// whatever the disks do; see `awaitUnlistedReads` for the one thing that may be left to wait for.
    public Fenced fence() {
        synchronized (taking) {
            serving = false;
        }
        epochLock.writeLock().lock();
        try {
            servingEpoch = NOBODY;
        } finally {
            epochLock.writeLock().unlock();
        }
        control.setEpoch(control.epoch() + 1);
        int writes = 0;
        int reads = 0;
        lock.lock();
        try {
            // Not begun yet: as good as never taken.
            runnable.forEach(inFlight::remove);
            heldWrites.forEach(inFlight::remove);
            runnable.clear();
            heldWrites.clear();
            for (DiskRequest request : inFlight) {
                request.fenced = true;
                writes += request.isWrite() ? 1 : 0;
                reads += request.op == DiskOp.READ ? 1 : 0;
                listFrames(request);
            }
            control.setWriteGate(writes);
        } finally {
            lock.unlock();
        }
        ring.reset();
        return new Fenced(control.epoch(), writes, reads);
    }

    private void listFrames(DiskRequest request) {
        if (request.op != DiskOp.READ || request.firstFrame == DiskRequest.NO_FRAME) {
            return;
        }
        int frames = request.bytes / Units.BLOCK_SIZE;
        while (request.framesListed < frames && control.addBusyFrame(request.firstFrame + request.framesListed)) {
            request.framesListed++;
        }
    }

    /// Waits until no read of a dead incarnation runs whose frames did not fit into the list of busy ones. False when
    /// the time is over: then no successor may start.
    public boolean awaitUnlistedReads(long timeoutMs) throws InterruptedException {
        long leftNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        lock.lock();
        try {
            while (inFlight.stream().anyMatch(DiskBackEnd::isUnlisted)) {
                if (leftNs <= 0) {
                    return false;
                }
                leftNs = ended.awaitNanos(leftNs);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isUnlisted(DiskRequest request) {
        return request.fenced && request.op == DiskOp.READ && request.firstFrame != DiskRequest.NO_FRAME
                && request.framesListed < request.bytes / Units.BLOCK_SIZE;
    }

    /// Requests that were taken and have not ended, of whatever incarnation.
    public int outstanding() {
        lock.lock();
        try {
            return inFlight.size();
        } finally {
            lock.unlock();
        }
    }

    // ---- taking

    private void takeAll() {
        try {
            serve();
        } catch (RuntimeException | Error e) {
            // A bug of ours: a guest without disks is better dead.
            events.accept(Event.of(clock, "disk.bug", "domain", domain, "what", e.toString()));
            listener.ringNonsense();
            throw e;
        }
    }

    private void serve() {
        Submission entry = new Submission();
        Doorbell bell = ring.submissionBell();
        while (true) {
            int seen = bell.sequence();
            boolean took;
            if (closed) {
                return;
            }
            synchronized (taking) {
                took = serving && takeBatch(entry);
            }
            if (took) {
                // Never more than an honest guest has outstanding: a ring that is refilled faster waits in the ring.
                awaitRoom();
            } else {
                bell.await(seen, IDLE_WAIT_NS);
            }
        }
    }

    private void awaitRoom() {
        lock.lock();
        try {
            while (inFlight.size() >= outstandingMax && !closed) {
                ended.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes what waits, at most as much as there is room for; whether there may be more.
    private boolean takeBatch(Submission entry) {
        int room = outstandingMax - outstanding();
        for (int taken = 0; taken < room; taken++) {
            switch (ring.take(entry)) {
                case EMPTY -> {
                    return taken > 0;
                }
                case NONSENSE -> {
                    serving = false;
                    events.accept(Event.of(clock, "disk.ring-nonsense", "domain", domain));
                    listener.ringNonsense();
                    return false;
                }
                case ENTRY -> accept(entry);
            }
        }
        return true;
    }

    private void accept(Submission entry) {
        if (entry.epoch != servingEpoch) {
            refuse(entry, DiskStatus.STALE_EPOCH);
            return;
        }
        Optional<DiskOp> op = op(entry.op);
        if (op.isEmpty() || entry.section < 0 || entry.section >= IoSection.values().length) {
            refuse(entry, DiskStatus.BAD_REQUEST);
            return;
        }
        counts.add(IoSection.values()[entry.section], op.get());
        Optional<Disk> disk = devices.disk(entry.slot);
        if (disk.isEmpty()) {
            refuse(entry, DiskStatus.NO_DEVICE);
            return;
        }
        long bytes = (long) entry.blocks * Units.BLOCK_SIZE;
        MemorySegment memory = MemorySegment.NULL;
        long frame = DiskRequest.NO_FRAME;
        if (op.get() != DiskOp.FLUSH) {
            boolean inDisk = entry.blocks >= 1 && entry.blocks <= BLOCKS_MAX && entry.dbn >= 0
                    && entry.dbn <= disk.get().sizeBlocks() - entry.blocks;
            Optional<MemorySegment> found =
                    inDisk ? transfers.find(op.get(), entry.file, entry.memoryOffset, bytes) : Optional.empty();
            if (found.isEmpty()) {
                refuse(entry, DiskStatus.BAD_REQUEST);
                return;
            }
            memory = found.get();
            frame = transfers.frame(entry.file, entry.memoryOffset).orElse(DiskRequest.NO_FRAME);
        } else {
            bytes = 0;
        }
        enqueue(new DiskRequest(op.get(), disk.get(), entry.slot, entry.dbn, (int) bytes, memory, frame, entry.epoch,
                entry.tag));
    }

    private static Optional<DiskOp> op(int code) {
        for (DiskOp op : DiskOp.values()) {
            if (op.code() == code) {
                return Optional.of(op);
            }
        }
        return Optional.empty();
    }

    private void enqueue(DiskRequest request) {
        lock.lock();
        try {
            inFlight.add(request);
            if (request.isWrite() && control.writeGate() > 0) {
                heldWrites.add(request);
            } else {
                runnable.add(request);
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void refuse(Submission entry, DiskStatus status) {
        // Under `taking`: no fence is under way, so the ring is the asking guest's.
        ring.complete(entry.tag, entry.epoch, status, 0, 0);
        ring.ring();
    }

    // ---- executing

    private void executeAll() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bounce = arena.allocate((long) BLOCKS_MAX * Units.BLOCK_SIZE, Units.BLOCK_SIZE);
            while (true) {
                Optional<DiskRequest> request = next();
                if (request.isEmpty()) {
                    return;
                }
                execute(request.get(), bounce);
            }
        }
    }

    /// The next request to execute; empty when the back-end is closed.
    private Optional<DiskRequest> next() {
        lock.lock();
        try {
            while (runnable.isEmpty() && !closed) {
                work.awaitUninterruptibly();
            }
            return closed ? Optional.empty() : Optional.of(runnable.removeFirst());
        } finally {
            lock.unlock();
        }
    }

    private void execute(DiskRequest request, MemorySegment bounce) {
        DiskStatus status = DiskStatus.OK;
        int errno = 0;
        int done = 0;
        traffic.add(request);
        try {
            done = transfer(request, bounce);
            status = done == request.bytes ? DiskStatus.OK : DiskStatus.SHORT;
        } catch (IOException e) {
            status = DiskStatus.IO_ERROR;
            errno = e instanceof PosixException posix ? posix.errno() : Errno.EIO;
            events.accept(Event.of(clock, "disk.error", "domain", domain, "disk", request.disk, "op", request.op,
                    "dbn", request.dbn, "why", String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            // A bug of ours: the guest gets an answer all the same, or it would wait for ever.
            status = DiskStatus.IO_ERROR;
            errno = Errno.EIO;
            events.accept(Event.of(clock, "disk.bug", "domain", domain, "what", e.toString()));
        }
        traffic.completed(request, status);
        finish(request, bounce, status, errno, done);
    }

    private int transfer(DiskRequest request, MemorySegment bounce) throws IOException {
        long offset = request.dbn * Units.BLOCK_SIZE;
        switch (request.op) {
            case READ -> {
                MemorySegment to = request.isStagedRead() ? bounce.asSlice(0, request.bytes) : request.memory;
                return (int) request.disk.readAt(to, offset);
            }
            case WRITE -> {
                request.disk.writeAt(request.memory, offset);
                if (request.dbn == DiskGeometry.FRONT_LABEL_DBN) {
                    unflushedLabels.put(request.slot,
                            request.memory.asSlice(0, Units.BLOCK_SIZE).toArray(ValueLayout.JAVA_BYTE));
                }
                return request.bytes;
            }
            case FLUSH -> {
                // Looked at before the flush: one that is written meanwhile waits for the next.
                byte[] label = unflushedLabels.get(request.slot);
                request.disk.flush();
                if (label != null && unflushedLabels.remove(request.slot, label)) {
                    listener.labelDurable(request.slot, label);
                }
                return 0;
            }
        }
        throw Check.failed("no such operation");
    }

    private void finish(DiskRequest request, MemorySegment bounce, DiskStatus status, int errno, int done) {
        boolean delivered = false;
        epochLock.readLock().lock();
        try {
            if (request.epoch == servingEpoch) {
                if (request.isStagedRead()) {
                    MemorySegment.copy(bounce, 0, request.memory, 0, done);
                }
                delivered = ring.complete(request.tag, request.epoch, status, errno, done);
            }
        } finally {
            epochLock.readLock().unlock();
        }
        lock.lock();
        try {
            inFlight.remove(request);
            if (request.fenced) {
                endFenced(request);
            }
            ended.signalAll();
        } finally {
            lock.unlock();
        }
        if (delivered) {
            ring.ring();
        }
    }

    private void endFenced(DiskRequest request) {
        for (int i = 0; i < request.framesListed; i++) {
            control.clearBusyFrame(request.firstFrame + i);
        }
        if (request.isWrite()) {
            control.clearGatedWrite();
            if (control.writeGate() == 0) {
                runnable.addAll(heldWrites);
                heldWrites.clear();
                work.signalAll();
                events.accept(Event.of(clock, "disk.gate-empty", "domain", domain));
            }
        }
    }

    /// Ends the threads; requests that run are waited for. The guest is dead.
    @Override
    public void close() {
        synchronized (taking) {
            serving = false;
        }
        closed = true;
        lock.lock();
        try {
            work.signalAll();
            ended.signalAll();
        } finally {
            lock.unlock();
        }
        ring.submissionBell().ring();
        for (Thread thread : threads) {
            Uninterruptibly.join(thread);
        }
    }
}
