package hearth.dmodule.filesystem.core;

import java.util.concurrent.locks.ReentrantReadWriteLock;

import hearth.base.Check;

/// The one lock around `FsState`. Virtual threads park on it. Nobody waits for a disk or for the log while holding it.
///
/// Use: `lock.shared(); try { … } finally { lock.leaveShared(); }`, and the same with `exclusive`.
public final class FsLock {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /// To look. Any number of holders.
    public void shared() {
        lock.readLock().lock();
    }

    public void leaveShared() {
        lock.readLock().unlock();
    }

    /// To change: one holder, nobody looking.
    public void exclusive() {
        Check.that(lock.getReadHoldCount() == 0, "shared lock cannot be upgraded");
        lock.writeLock().lock();
    }

    public void leaveExclusive() {
        lock.writeLock().unlock();
    }

    /// For invariants: whether this thread may change the state.
    public boolean heldExclusive() {
        return lock.isWriteLockedByCurrentThread();
    }
}
