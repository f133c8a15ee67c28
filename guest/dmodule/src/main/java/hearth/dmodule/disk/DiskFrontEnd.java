package hearth.dmodule.disk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.IoSection;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.Submission;

/// Sends requests to disks and delivers their ends. Any thread may submit: what the rings cannot take now waits in a
/// bounded queue, and at its bound the submitter parks. One platform thread waits for completions and feeds the queue
/// to the rings.
///
/// Invariants: at most as many requests are outstanding as the rings have entries, so domain 0 always has room for a
/// completion; every request ends exactly once; a completion of another epoch is nobody's.
public final class DiskFrontEnd implements AutoCloseable {
    private static final int QUEUE_LAPS = 4;
    private static final int INDEX_BITS = 16;
    private static final long WAIT_NS = 50_000_000;

    private final RingFront ring;
    private final long epoch;
    private final IntConsumer probes;
    private final Consumer<Throwable> fatal;
    private final StagingPool staging;
    private final DiskStatistics statistics = new DiskStatistics();
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition queueHasRoom = lock.newCondition();
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private final int queueMax;
    private final Transfer[] inFlight;
    private final long[] tags;
    private final int[] free;
    private int freeCount;
    private long sequence;
    private final Submission entry = new Submission();

    private volatile IoSection section = IoSection.DEVICES;
    private volatile boolean closed;

    /// A request that waits for the rings, with the section it was submitted in.
    private record Queued(Transfer transfer, IoSection section) {}

    /// Starts the completion thread.
    ///
    /// @param epoch the guest's, from control; stands in every entry
    /// @param probes told the section's ordinal of each request before the guest listens: the heartbeat page
    /// @param fatal told of an Error in the completion thread; halts the guest
    public DiskFrontEnd(RingFront ring, long epoch, IntConsumer probes, Consumer<Throwable> fatal) {
        this.ring = ring;
        this.epoch = epoch;
        this.probes = probes;
        this.fatal = fatal;
        staging = new StagingPool(ring);
        int entries = ring.entries();
        queueMax = entries * QUEUE_LAPS;
        inFlight = new Transfer[entries];
        tags = new long[entries];
        free = new int[entries];
        for (int i = 0; i < entries; i++) {
            free[i] = entries - 1 - i;
        }
        freeCount = entries;
        thread = Thread.ofPlatform().name("disk completions").daemon().start(this::deliver);
    }

    /// What requests are for from now on. Boot moves it from stage to stage and to NORMAL before it listens.
    public void setSection(IoSection section) {
        this.section = section;
    }

    public IoSection section() {
        return section;
    }

    public DiskStatistics statistics() {
        return statistics;
    }

    /// Staging memory for one transfer; parks until there is some.
    public Staging staging(int blocks) {
        return staging.take(blocks);
    }

    /// The same without waiting.
    public Optional<Staging> tryStaging(int blocks) {
        return staging.tryTake(blocks);
    }

    /// Staging slots that are lent now; for tests and statistics.
    public int stagingInUse() {
        return staging.usedSlots();
    }

    /// Reads and waits.
    public void read(Disk disk, long dbn, DiskMemory to) throws DiskException {
        submit(DiskRequest.read(disk, dbn, to)).await();
    }

    /// Writes and waits. Durable after a `flush` that begins later.
    public void write(Disk disk, long dbn, DiskMemory from) throws DiskException {
        submit(DiskRequest.write(disk, dbn, from)).await();
    }

    /// Makes durable every write that completed before, and waits.
    public void flush(Disk disk) throws DiskException {
        submit(DiskRequest.flush(disk)).await();
    }

    public Transfer submit(DiskRequest request) {
        return submit(List.of(request)).getFirst();
    }

    /// Sends a batch with one ring of the bell. The transfers are in the requests' order.
    public List<Transfer> submit(List<DiskRequest> requests) {
        List<Transfer> transfers = new ArrayList<>(requests.size());
        IoSection now = section;
        lock.lock();
        try {
            for (DiskRequest request : requests) {
                while (queue.size() >= queueMax) {
                    feed();
                    if (queue.size() >= queueMax) {
                        queueHasRoom.awaitUninterruptibly();
                    }
                }
                Transfer transfer = new Transfer(request);
                queue.add(new Queued(transfer, now));
                transfers.add(transfer);
            }
            feed();
        } finally {
            lock.unlock();
        }
        return transfers;
    }

    /// Moves requests from the queue to the ring; the lock is held.
    private void feed() {
        boolean any = false;
        while (freeCount > 0) {
            Queued queued = queue.poll();
            if (queued == null) {
                break;
            }
            Transfer transfer = queued.transfer();
            int index = free[--freeCount];
            sequence++;
            tags[index] = sequence << INDEX_BITS | index;
            inFlight[index] = transfer;
            fill(transfer.request(), tags[index], queued.section());
            Check.that(ring.submit(entry), "the ring is full though entries are free", freeCount);
            any = true;
        }
        if (any) {
            ring.ring();
        }
    }

    private void fill(DiskRequest request, long tag, IoSection forSection) {
        entry.op = request.op().code();
        entry.slot = request.disk().slot();
        entry.dbn = request.dbn();
        entry.blocks = request.blocks();
        entry.file = request.memory().file().ordinal();
        entry.memoryOffset = request.memory().offset();
        entry.epoch = epoch;
        entry.tag = tag;
        entry.section = forSection.ordinal();
        entry.flags = 0;
        statistics.submitted(request.op(), forSection);
        if (forSection != IoSection.NORMAL) {
            probes.accept(forSection.ordinal());
        }
    }

    private void deliver() {
        try {
            while (!closed) {
                int seen = ring.completionBell().sequence();
                if (ring.takeCompletions(this::completed) > 0) {
                    lock.lock();
                    try {
                        feed();
                        queueHasRoom.signalAll();
                    } finally {
                        lock.unlock();
                    }
                } else {
                    ring.completionBell().await(seen, WAIT_NS);
                }
            }
        } catch (Throwable e) {
            // Without this thread every request would hang: a half-dead guest.
            fatal.accept(e);
        }
    }

    private void completed(long tag, long completedEpoch, DiskStatus status, int errno, int bytes) {
        if (completedEpoch != epoch) {
            return;
        }
        int index = (int) (tag & (1 << INDEX_BITS) - 1);
        Transfer transfer;
        lock.lock();
        try {
            Check.that(index < tags.length && tags[index] == tag, "completion of no request", tag);
            transfer = inFlight[index];
            tags[index] = 0;
            free[freeCount++] = index;
        } finally {
            lock.unlock();
        }
        if (status == DiskStatus.STALE_EPOCH) {
            throw Check.failed("this guest was fenced");
        }
        if (status != DiskStatus.OK) {
            statistics.failed();
        }
        transfer.complete(status, errno, bytes);
    }

    /// Stops delivering. Nothing is outstanding.
    @Override
    public void close() {
        closed = true;
        Uninterruptibly.join(thread);
    }
}
