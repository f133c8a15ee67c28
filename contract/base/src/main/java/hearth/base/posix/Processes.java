package hearth.base.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import hearth.base.Check;

/// Children, their lives and their ends. Children are known by pidfd: a number can be reused, a pidfd cannot.
public final class Processes {
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    /// What a process exits with that finds its parent gone when it ties its life to it.
    public static final int ORPHAN_EXIT_CODE = 71;

    private static final int POLL = 7;
    private static final int GETPID = 39;
    private static final int WAIT4 = 61;
    private static final int KILL = 62;
    private static final int GETPPID = 110;
    private static final int SETSID = 112;
    private static final int PRCTL = 157;
    private static final int PRLIMIT64 = 302;
    private static final int PIDFD_SEND_SIGNAL = 424;
    private static final int PIDFD_OPEN = 434;
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int RLIMIT_CORE = 4;
    private static final short POLLIN = 1;

    private Processes() {}

    /// A descriptor for the process, readable once it has ended. Of an own child that is not reaped it cannot name
    /// anybody else.
    public static int pidfd(int pid) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            return (int) call.orThrow(call.call(PIDFD_OPEN, pid, 0, 0, 0, 0), "pidfd_open");
        }
    }

    /// Sends a signal. One that has ended already needs none: no error.
    public static void signal(int pidfd, int signal) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done = call.call(PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0, 0);
            if (done == -1 && call.errno() != Errno.ESRCH) {
                throw new PosixException("pidfd_send_signal", call.errno());
            }
        }
    }

    /// Waits at most `timeoutMs` (-1: for ever) for the process's end; false when it still runs. Blocks: platform
    /// threads only. An ended child stays to be reaped.
    public static boolean awaitExit(int pidfd, int timeoutMs) throws PosixException {
        long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000L;
        int leftMs = timeoutMs;
        try (SystemCall call = SystemCall.take()) {
            while (true) {
                MemorySegment poll = call.scratch();
                poll.set(ValueLayout.JAVA_INT, 0, pidfd);
                poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
                poll.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
                long ready = call.call(POLL, poll.address(), 1, leftMs, 0, 0);
                if (!call.interrupted(ready)) {
                    return call.orThrow(ready, "poll") == 1;
                }
                if (timeoutMs >= 0) {
                    leftMs = (int) Math.max(0, (deadlineNs - System.nanoTime() + 999_999L) / 1_000_000L);
                }
            }
        }
    }

    /// Waits for an own child's end and takes it out of the process table. Blocks until it has ended.
    public static ExitStatus reap(int pid) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment status = call.cleared(Integer.BYTES);
            long done;
            do {
                done = call.call(WAIT4, pid, status, 0, 0, 0, 0);
            } while (call.interrupted(done));
            call.orThrow(done, "wait4");
            int word = status.get(ValueLayout.JAVA_INT, 0);
            int signal = word & 0x7F;
            return signal == 0 ? new ExitStatus.Exited(word >> 8 & 0xFF) : new ExitStatus.Killed(signal);
        }
    }

    /// Ties this process's life to the thread that spawned it: when that thread ends, so does this process, by
    /// SIGKILL. Halts with `ORPHAN_EXIT_CODE` when the parent is no longer the expected one. The kernel keeps the wish
    /// with the *calling* thread: only one that lives as long as the process may call, such as the main thread.
    public static void dieWithParent(int expectedParentPid) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            call.orThrow(call.call(PRCTL, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl(PR_SET_PDEATHSIG)");
        }
        // In this order: a parent that died before the wish was made shows as a different parent now.
        if (parentPid() != expectedParentPid) {
            Runtime.getRuntime().halt(ORPHAN_EXIT_CODE);
        }
    }

    /// The parent's process number as of now; changes when the parent dies.
    public static int parentPid() {
        try (SystemCall call = SystemCall.take()) {
            return (int) call.call(GETPPID, 0, 0, 0, 0, 0);
        }
    }

    /// Leaves the terminal: its signals and its end do not reach this process any more. Fails for the leader of a
    /// process group, which is what a shell makes of the programs that it starts.
    public static void newSession() throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            call.orThrow(call.call(SETSID, 0, 0, 0, 0, 0), "setsid");
        }
    }

    /// This process's number. Needs no /proc, which a confined guest has not.
    public static int pid() {
        try (SystemCall call = SystemCall.take()) {
            return (int) call.call(GETPID, 0, 0, 0, 0, 0);
        }
    }

    /// SIGKILL to this process: does not return, and nothing of the process runs any more. For tests of its death.
    public static void killSelf() {
        try (SystemCall call = SystemCall.take()) {
            long refused = call.call(KILL, call.call(GETPID, 0, 0, 0, 0, 0), SIGKILL, 0, 0, 0);
            throw Check.failed("went on after SIGKILL, which said " + refused);
        }
    }

    /// No core file for this process: a region is large and holds users' data.
    public static void coreDumpsOff() throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment limit = call.cleared(2 * Long.BYTES);
            call.orThrow(call.call(PRLIMIT64, 0, RLIMIT_CORE, limit.address(), 0, 0), "prlimit64(RLIMIT_CORE)");
        }
    }
}
