package hearth.dmodule.nvlog;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import hearth.memory.log.RecordCodec;

/// How much the active half can take, as those see it who do not hold the file system's lock, and a place for them to
/// wait until there is more.
final class LogRoom {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private volatile long bytes;
    private volatile long keys;
    private volatile boolean answers;

    /// Under the file system's lock, after each change.
    void set(long bytes, long keys, boolean answers) {
        this.bytes = bytes;
        this.keys = keys;
        this.answers = answers;
    }

    boolean has(int bodyBytes, int payloadBytes, int indexKeys) {
        return RecordCodec.length(bodyBytes, payloadBytes) <= bytes && indexKeys <= keys && answers;
    }

    /// A half was switched or freed.
    void changed() {
        lock.lock();
        try {
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for room; asks for a consistency point before each wait. A hint only: others may take the room.
    void await(int bodyBytes, int payloadBytes, int indexKeys, Runnable ask) {
        lock.lock();
        try {
            while (!has(bodyBytes, payloadBytes, indexKeys)) {
                ask.run();
                more.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
