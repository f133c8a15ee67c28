package hearth.dmodule.nvlog;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.cf.Caller;
import hearth.memory.duplicates.DuplicateTable;
import hearth.memory.duplicates.DuplicateTableLayout;
import hearth.memory.index.DirtyIndex;
import hearth.memory.index.DirtyIndexLayout;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogLayout;
import hearth.memory.log.LogLoader;

/// The areas of a region in real memory, a flusher that the test plays, and a clock that it moves.
final class TestRegion {
    static final long SEED = 4711;
    static final int INDEX_ENTRIES = 256;
    static final int DUPLICATE_ENTRIES = 4096;

    final long halfBytes;
    final MemorySegment log;
    final MemorySegment index0 = Arena.ofAuto().allocate(DirtyIndexLayout.sizeBytes(INDEX_ENTRIES), 64);
    final MemorySegment index1 = Arena.ofAuto().allocate(DirtyIndexLayout.sizeBytes(INDEX_ENTRIES), 64);
    final MemorySegment table = Arena.ofAuto().allocate(DuplicateTableLayout.sizeBytes(DUPLICATE_ENTRIES), 64);
    final TestFlusher flusher = new TestFlusher();
    final TestClock clock = new TestClock();
    final List<ConsistencyPointRequests.Reason> requests = new CopyOnWriteArrayList<>();
    final List<Event> events = new ArrayList<>();
    private long incarnation;

    TestRegion(long halfBytes) {
        this.halfBytes = halfBytes;
        this.log = Arena.ofAuto().allocate(LogLayout.areaBytes(halfBytes), 64);
        new LogLoader(area()).load(0, Collections.emptyIterator(), 0);
    }

    LogArea area() {
        return new LogArea(log, halfBytes, SEED);
    }

    /// The next incarnation's log, with nothing but the region to go by.
    NvLog attach() {
        var parts = new NvLogParts(area(), new DirtyIndex(index0, INDEX_ENTRIES), new DirtyIndex(index1, INDEX_ENTRIES),
                new DuplicateTable(table, DUPLICATE_ENTRIES, SEED), flusher, () -> {});
        var nvlog = new NvLog(parts, ++incarnation, clock, events::add);
        nvlog.askForConsistencyPoints(requests::add);
        return nvlog;
    }

    static Caller caller(int xid) {
        return new Caller(new byte[] {10, 0, 0, 1}, xid, xid * 7L, 0, 0, new int[0], false);
    }

    static byte[] effect(long number) {
        return ("effect " + number).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] reply(long number) {
        return ("reply " + number).getBytes(StandardCharsets.UTF_8);
    }

    static MemorySegment block(long number) {
        byte[] block = new byte[Units.BLOCK_SIZE];
        Arrays.fill(block, (byte) number);
        return MemorySegment.ofArray(block);
    }

    static final class TestClock implements Clock {
        private final AtomicLong now = new AtomicLong(1);

        void advanceNs(long ns) {
            now.addAndGet(ns);
        }

        @Override
        public long monotonicNs() {
            return now.get();
        }

        @Override
        public long wallNs() {
            return now.get();
        }
    }

    static final class TestFlusher implements FlushedPosition {
        private volatile long flushedLsn;
        private volatile boolean degraded;
        private int sequence;

        synchronized void flushed(long lsn) {
            flushedLsn = lsn;
            sequence++;
            notifyAll();
        }

        synchronized void degrade() {
            degraded = true;
            sequence++;
            notifyAll();
        }

        @Override
        public long flushedLsn() {
            return flushedLsn;
        }

        @Override
        public boolean degraded() {
            return degraded;
        }

        @Override
        public synchronized int sequence() {
            return sequence;
        }

        @Override
        public synchronized void await(int lastSeen, long timeoutNs) {
            long untilNs = System.nanoTime() + timeoutNs;
            try {
                while (sequence == lastSeen && System.nanoTime() < untilNs) {
                    wait(Math.max(1, (untilNs - System.nanoTime()) / 1_000_000));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
