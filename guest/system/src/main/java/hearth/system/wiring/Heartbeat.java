package hearth.system.wiring;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import hearth.base.Clock;
import hearth.base.Uninterruptibly;
import hearth.memory.region.BootStage;
import hearth.memory.region.HeartbeatPage;
import hearth.nmodule.net.FatalHandler;

/// Signs of life: every few milliseconds a thread beats in the heartbeat page and copies counters there. What counts is
/// progress, not the thread: during boot each stage and each replayed record, afterwards each answer, or having
/// nothing to answer.
public final class Heartbeat {
    private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(25);

    private final HeartbeatPage page;
    private final Clock clock;
    private final Thread thread;
    private volatile Load load = Load.BOOTING;
    private volatile long progressNs;
    private volatile boolean closing;

    /// What a guest that serves looks at, on the heartbeat's thread.
    public interface Load {
        /// For a guest that does not serve yet.
        Load BOOTING = new Load() {
            @Override
            public long answers() {
                return -1;
            }

            @Override
            public long oldestRequestNs() {
                return 0;
            }

            @Override
            public void copyCounters(HeartbeatPage page) {
                // Nothing counts yet.
            }
        };

        /// Grows with each answer.
        long answers();

        /// When the oldest running request began; 0 when none runs.
        long oldestRequestNs();

        void copyCounters(HeartbeatPage page);
    }

    public Heartbeat(HeartbeatPage page, Clock clock, FatalHandler fatal) {
        this.page = page;
        this.clock = clock;
        progressNs = clock.monotonicNs();
        thread = Threads.start("heartbeat", fatal, this::run);
    }

    /// The boot has reached a stage: a stamp, and progress.
    public void reached(BootStage stage) {
        long now = clock.monotonicNs();
        page.stamp(stage, now);
        progressNs = now;
    }

    /// The boot has done a piece of something long.
    public void progress() {
        progressNs = clock.monotonicNs();
    }

    /// From here on requests count.
    public void serve(Load serving) {
        load = serving;
    }

    private void run() {
        long answersBefore = 0;
        while (!closing) {
            Load now = load;
            long answers = now.answers();
            long oldestNs = now.oldestRequestNs();
            if (answers != answersBefore && answers >= 0 || answers >= 0 && oldestNs == 0) {
                progressNs = clock.monotonicNs();
                answersBefore = answers;
            }
            now.copyCounters(page);
            page.beat(progressNs, oldestNs);
            LockSupport.parkNanos(PERIOD_NS);
        }
        load.copyCounters(page);
    }

    /// Copies the counters a last time and ends the thread.
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        Uninterruptibly.join(thread);
    }
}
