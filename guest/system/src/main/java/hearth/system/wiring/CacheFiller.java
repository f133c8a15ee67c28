package hearth.system.wiring;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.base.Units;
import hearth.dmodule.buffer.BufferCache;
import hearth.dmodule.raid.RunUse;
import hearth.nmodule.net.FatalHandler;

/// Puts the blocks of a consistency point into the buffer cache, run by run, while the disks write them and the next run
/// is being filled. Long runs, from the second on, have a thread for it, as long as the batch lasts; one that it has
/// not begun when the memory is wanted back is put by whoever wants it. Short runs are put at once.
///
/// Invariants: a run is put once, from memory that is not given back before; all runs of a batch are in the cache when
/// its `complete` returns, which is before anybody has a pointer to their blocks.
final class CacheFiller implements RunUse {
    private static final int RUN_BLOCKS_MAX = 256;
    // Putting fewer takes less time than waking a thread.
    private static final int LONG_RUN_BLOCKS = 32;
    // Before that the batch may be over before a thread has started.
    private static final int RUNS_BEFORE_THREAD = 1;

    private final BufferCache cache;
    private final FatalHandler fatal;
    private final Run last = new Run(0, MemorySegment.NULL, new int[0]);

    // Of the thread that writes.
    private final int[] crcs = new int[RUN_BLOCKS_MAX];
    private long firstVbn;
    private int blocks;
    private int longRuns;
    private LinkedBlockingQueue<Run> queue = new LinkedBlockingQueue<>();

    CacheFiller(BufferCache cache, FatalHandler fatal) {
        this.cache = cache;
        this.fatal = fatal;
    }

    /// A batch begins.
    void begin() {
        blocks = 0;
        longRuns = 0;
    }

    /// The room of block `vbn`, the next one of the run that gathers, is filled.
    void filled(long vbn, int crc) {
        if (blocks == 0) {
            firstVbn = vbn;
        }
        Check.that(vbn == firstVbn + blocks, "blocks of a run are neighbours", vbn, firstVbn);
        crcs[blocks] = crc;
        blocks++;
    }

    @Override
    public Pending sent(long vbn, MemorySegment bytes) {
        Check.that(vbn == firstVbn && bytes.byteSize() == (long) blocks * Units.BLOCK_SIZE,
                "a run with other blocks than were filled", vbn, bytes.byteSize());
        var run = new Run(vbn, bytes, Arrays.copyOf(crcs, blocks));
        blocks = 0;
        if (run.crcs.length < LONG_RUN_BLOCKS) {
            run.tryPut();
            return run;
        }
        if (longRuns == RUNS_BEFORE_THREAD) {
            var runs = new LinkedBlockingQueue<Run>();
            queue = runs;
            Threads.start("cache filler", fatal, () -> putAll(runs));
        }
        longRuns++;
        if (hasThread()) {
            queue.add(run);
        }
        return run;
    }

    private boolean hasThread() {
        return longRuns > RUNS_BEFORE_THREAD;
    }

    private void putAll(LinkedBlockingQueue<Run> from) throws InterruptedException {
        for (Run run = from.take(); run != last; run = from.take()) {
            run.tryPut();
        }
    }

    /// The batch has ended: so does its thread.
    void end() {
        if (hasThread()) {
            queue.add(last);
        }
    }

    /// Blocks of one run.
    private final class Run implements Pending {
        private final long vbn;
        private final MemorySegment bytes;
        private final int[] crcs;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);

        Run(long vbn, MemorySegment bytes, int[] crcs) {
            this.vbn = vbn;
            this.bytes = bytes;
            this.crcs = crcs;
        }

        /// Puts it unless somebody else does.
        void tryPut() {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            try {
                for (int i = 0; i < crcs.length; i++) {
                    cache.put(vbn + i, crcs[i], bytes.asSlice((long) i * Units.BLOCK_SIZE, Units.BLOCK_SIZE));
                }
            } finally {
                ended.countDown();
            }
        }

        @Override
        public void await() {
            tryPut();
            Uninterruptibly.await(ended);
        }
    }
}
