package hearth.hypervisor;

import hearth.base.posix.ExitStatus;
import hearth.base.posix.PosixException;

/// One running incarnation. Any thread may call; the descriptors are valid until `close`.
public sealed interface Guest extends AutoCloseable permits ProcessGuest {
    /// The process number; another process may have it after `reap`.
    int pid();

    /// Readable once the guest has ended.
    int pidfd();

    /// Domain 0's end of the channel: messages with descriptors, see `Sockets.send`. The guest has the other end as
    /// descriptor 3. The end of the channel is not the guest's end: only the pidfd tells that.
    int channel();

    /// When the guest's process was made, in nanoseconds of the monotonic clock.
    long spawnedNs();

    /// SIGKILL. Returns before the guest has ended. Nothing happens to one that has ended or is closed.
    void kill() throws PosixException;

    /// Waits at most `timeoutMs` (-1: for ever) for the guest's end. Platform threads only.
    boolean awaitExit(int timeoutMs) throws PosixException;

    /// Waits for the guest's end and says how it ended, the same at each call. Platform threads only.
    ExitStatus reap() throws PosixException;

    /// Kills the guest if it still runs, and gives the descriptors back. Waits a few seconds at most for its end: one
    /// that the kernel cannot end stays behind and is collected when domain 0 ends. May be called again. Nobody else
    /// may be waiting on the guest or its channel any more.
    @Override
    void close();
}
