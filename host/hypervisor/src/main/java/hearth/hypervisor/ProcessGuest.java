package hearth.hypervisor;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import hearth.base.Check;
import hearth.base.posix.Descriptors;
import hearth.base.posix.ExitStatus;
import hearth.base.posix.PosixException;
import hearth.base.posix.Processes;

/// A guest that is a child process of domain 0.
///
/// Invariants: the process is reaped once; the pidfd is used only while it is open, so what is sent to it never
/// reaches another process.
final class ProcessGuest implements Guest {
    private static final int END_TIMEOUT_MS = 5000;

    private final int pid;
    private final int pidfd;
    private final int channel;
    private final long spawnedNs;
    private final GuestThread thread;
    private final Object lock = new Object();
    private final AtomicBoolean closing = new AtomicBoolean();
    private Optional<ExitStatus> status = Optional.empty();
    private boolean closed;

    ProcessGuest(int pid, int pidfd, int channel, long spawnedNs, GuestThread thread) {
        this.pid = pid;
        this.pidfd = pidfd;
        this.channel = channel;
        this.spawnedNs = spawnedNs;
        this.thread = thread;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public int pidfd() {
        return pidfd;
    }

    @Override
    public int channel() {
        return channel;
    }

    @Override
    public long spawnedNs() {
        return spawnedNs;
    }

    @Override
    public void kill() throws PosixException {
        synchronized (lock) {
            if (!closed && status.isEmpty()) {
                Processes.signal(pidfd, Processes.SIGKILL);
            }
        }
    }

    @Override
    public boolean awaitExit(int timeoutMs) throws PosixException {
        synchronized (lock) {
            if (status.isPresent()) {
                return true;
            }
            Check.that(!closed, "waited for a guest that is closed", pid);
        }
        // Not under the lock: who waits must not keep others from killing.
        return Processes.awaitExit(pidfd, timeoutMs);
    }

    @Override
    public ExitStatus reap() throws PosixException {
        awaitExit(-1);
        synchronized (lock) {
            if (status.isEmpty()) {
                status = Optional.of(Processes.reap(pid));
                thread.over();
            }
            return status.get();
        }
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try {
            kill();
            if (awaitExit(END_TIMEOUT_MS)) {
                reap();
            }
        } catch (PosixException e) {
            throw Check.failed("an own child cannot be ended: " + e.getMessage());
        }
        synchronized (lock) {
            closed = true;
            Descriptors.close(channel);
            Descriptors.close(pidfd);
        }
    }

    @Override
    public String toString() {
        return "process " + pid;
    }
}
