package hearth.hypervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import hearth.base.Check;
import hearth.base.posix.Descriptors;
import hearth.base.posix.PosixException;
import hearth.base.posix.Processes;
import hearth.base.posix.Sockets;

/// Guests as child processes. A guest is born with four descriptors (nothing to read, its log twice, the channel) and
/// gets every other resource over the channel. It is born without privileges and, where the kernel has Landlock, in a
/// domain of its own: the JDK and the program to read, nothing else of any file system, no TCP bind or connect, nothing
/// to be taken from other guests, no signals to them.
///
/// Guests end with domain 0: each asks for a parent-death signal first of all, `Processes.dieWithParent`.
public final class ProcessDriver implements DomainDriver {
    // Above whatever a guest is born with, so that none is overwritten on its way.
    private static final int LOWEST_DESCRIPTOR = 10;
    private static final Path DEV_NULL = Path.of("/dev/null");
    private static final int LOG_FLAGS = Descriptors.O_WRONLY | Descriptors.O_CREAT | Descriptors.O_APPEND;
    private static final int LOG_MODE = 0600;

    private final List<Path> readable;
    private final Confinement confinement;
    private final int devNull;

    private ProcessDriver(List<Path> readable, Confinement confinement, int devNull) {
        this.readable = readable;
        this.confinement = confinement;
        this.devNull = devNull;
    }

    /// A host needs one driver, which keeps a few descriptors until the process ends. Guests can read the JDK at
    /// `javaHome` and what lies beneath `readOnly`, for ever. Platform threads only.
    public static ProcessDriver open(Path javaHome, List<Path> readOnly) throws GuestStartException {
        return open(javaHome, readOnly, Integer.MAX_VALUE);
    }

    /// The same as on a kernel that speaks at most version `landlockAbiMax` of Landlock, 0 for none; for tests.
    public static ProcessDriver open(Path javaHome, List<Path> readOnly, int landlockAbiMax)
            throws GuestStartException {
        try {
            List<Path> readable = ReadablePaths.of(javaHome, readOnly);
            Confinement confinement = Confinement.of(readable, landlockAbiMax);
            GuestThread.rehearse(Confinement.of(readable, 0), confinement);
            return new ProcessDriver(readable, confinement, openAbove(DEV_NULL, Descriptors.O_RDONLY, 0));
        } catch (GuestStartException e) {
            throw e;
        } catch (IOException e) {
            throw new GuestStartException("the process driver cannot start", e);
        }
    }

    @Override
    public String confinement() {
        return confinement.text();
    }

    @Override
    public Guest start(GuestSpec spec) throws GuestStartException {
        Check.that(!Thread.currentThread().isVirtual(), "guests are started from platform threads");
        String what = "guest " + spec.domain() + " incarnation " + spec.incarnation();
        // What is to be closed here whatever happens; the channel is taken out once a guest owns it.
        List<Integer> opened = new ArrayList<>();
        try {
            checkReadable(spec.readOnly());
            int log = keep(opened, openAbove(spec.errorLog(), LOG_FLAGS, LOG_MODE));
            int[] pair = Sockets.pair();
            int guestEnd = keep(opened, pair[1]);
            int channel = keep(opened, pair[0]);
            int theirs = keep(opened, Descriptors.duplicateFrom(guestEnd, LOWEST_DESCRIPTOR));
            SpawnOrder order = new SpawnOrder(spec.command(), devNull, log, log, theirs);
            GuestThread thread = GuestThread.start(confinement, order);
            Guest guest = switch (order.await()) {
                case SpawnOrder.Outcome.Spawned(int pid, long spawnedNs) -> guest(pid, channel, spawnedNs, thread);
                case SpawnOrder.Outcome.Refused(PosixException reason) -> throw reason;
                case SpawnOrder.Outcome.Unconfined(PosixException reason) -> throw reason;
                case SpawnOrder.Outcome.Broken(Throwable bug) ->
                    throw (Error) Check.failed("a guest's thread met a bug").initCause(bug);
                case SpawnOrder.Outcome.Open() -> throw Check.failed("an order was answered without an outcome");
            };
            opened.remove((Integer) channel);
            return guest;
        } catch (IOException e) {
            throw new GuestStartException(what, e);
        } finally {
            opened.forEach(Descriptors::close);
        }
    }

    private static Guest guest(int pid, int channel, long spawnedNs, GuestThread thread) throws PosixException {
        try {
            return new ProcessGuest(pid, Processes.pidfd(pid), channel, spawnedNs, thread);
        } catch (PosixException e) {
            // Not reaped yet, so the number is still this child's.
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            Processes.reap(pid);
            thread.over();
            throw e;
        }
    }

    private void checkReadable(List<Path> paths) throws IOException {
        for (Path path : paths) {
            Path real = path.toRealPath();
            if (readable.stream().noneMatch(real::startsWith)) {
                throw new GuestStartException("the driver was not opened with " + path);
            }
        }
    }

    private static int keep(List<Integer> opened, int fd) {
        opened.add(fd);
        return fd;
    }

    private static int openAbove(Path path, int flags, int mode) throws PosixException {
        int low = Descriptors.open(path, flags, mode);
        try {
            return Descriptors.duplicateFrom(low, LOWEST_DESCRIPTOR);
        } finally {
            Descriptors.close(low);
        }
    }
}
