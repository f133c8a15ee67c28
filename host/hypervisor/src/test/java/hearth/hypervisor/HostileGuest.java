package hearth.hypervisor;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import hearth.base.posix.Descriptors;
import hearth.base.posix.PosixException;
import hearth.base.posix.Processes;
import hearth.base.posix.Sockets;

/// A guest that somebody has taken over: tries all that it must not and reports what came of it, one attempt a line.
/// With its first message it gets the descriptors of the control file and of the cache. Arguments: the expected parent,
/// the sibling's process, where its secret lies, its abstract socket, a loopback port that somebody listens on, a unix
/// socket in the file system.
final class HostileGuest {
    private static final int CHANNEL = 3;
    private static final int GC_MAX = 200;

    private final StringBuilder report = new StringBuilder();
    private final int parent;
    private final int sibling;
    private final long secretAt;

    private HostileGuest(int parent, int sibling, long secretAt) {
        this.parent = parent;
        this.sibling = sibling;
        this.secretAt = secretAt;
    }

    interface Attempt {
        void run() throws IOException;
    }

    public static void main(String[] args) throws Exception {
        Processes.dieWithParent(Integer.parseInt(args[0]));
        var hostile = new HostileGuest(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Long.parseLong(args[2]));
        try (Arena arena = Arena.ofConfined()) {
            int[] fds = Sockets.receive(CHANNEL, arena.allocate(8), 2).fds();
            hostile.atTheMachine(args[3], Integer.parseInt(args[4]), args[5]);
            hostile.atTheSibling();
            hostile.atTheRegion("control", fds[0]);
            hostile.atTheRegion("the cache", fds[1]);
            byte[] report = hostile.report.toString().getBytes(StandardCharsets.UTF_8);
            Sockets.send(CHANNEL, arena.allocateFrom(ValueLayout.JAVA_BYTE, report));
            Processes.awaitExit(Processes.pidfd(Processes.pid()), -1);
        }
    }

    private void atTheMachine(String abstractSocket, int port, String unixSocket) {
        attempt("open a file", () -> Files.readString(Path.of("/etc/passwd")));
        attempt("connect TCP", () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            }
        });
        attempt("bind TCP", () -> {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            }
        });
        attempt("connect to the sibling's abstract socket", () -> RawCalls.connectAbstract(abstractSocket));
        attempt("open a raw socket", RawCalls::rawSocket);
        attempt("send UDP", () -> {
            try (var socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), port));
            }
        });
        attempt("connect to a unix socket in the file system",
                () -> SocketChannel.open(UnixDomainSocketAddress.of(unixSocket)).close());
        attempt("signal domain 0", () -> signal(parent));
    }

    private void atTheSibling() throws InterruptedException {
        attempt("take the sibling's descriptor", this::takeDescriptor);
        attempt("read the sibling's memory", () -> {
            if (RawCalls.readMemory(sibling, secretAt) != QuietGuest.SECRET) {
                throw new AssertionError("read something else");
            }
        });
        attempt("read the sibling's memory through /proc", () -> {
            try (var memory = new RandomAccessFile("/proc/" + sibling + "/mem", "r")) {
                memory.seek(secretAt);
                if (Long.reverseBytes(memory.readLong()) != QuietGuest.SECRET) {
                    throw new AssertionError("read something else");
                }
            }
        });
        attempt("signal the sibling", () -> signal(sibling));
        byOldThread(() -> {
            attempt("take the sibling's descriptor on a thread older than main", this::takeDescriptor);
            attempt("signal the sibling on a thread older than main", () -> signal(sibling));
        });
        // Last: whoever traces may read.
        attempt("trace the sibling", () -> RawCalls.trace(sibling));
    }

    private void atTheRegion(String name, int fd) {
        attempt("write " + name, () -> RawCalls.write(fd));
        attempt("map " + name + " to write", () -> RawCalls.mapWritable(fd));
        attempt("make a mapping of " + name + " writable", () -> RawCalls.mapAndMakeWritable(fd));
        attempt("shrink " + name, () -> Descriptors.truncate(fd, 0));
        attempt("reopen " + name + " through /proc and write", () -> {
            int again = Descriptors.open(Path.of("/proc/self/fd/" + fd), Descriptors.O_RDWR, 0);
            attempt("write the reopened descriptor of " + name, () -> RawCalls.write(again));
            Descriptors.close(again);
        });
    }

    private void takeDescriptor() throws IOException {
        int pidfd = Processes.pidfd(sibling);
        try {
            RawCalls.takeDescriptor(pidfd, CHANNEL);
        } finally {
            Descriptors.close(pidfd);
        }
    }

    private static void signal(int pid) throws IOException {
        int pidfd = Processes.pidfd(pid);
        try {
            Processes.signal(pidfd, 0);
        } finally {
            Descriptors.close(pidfd);
        }
    }

    /// Runs `what` on the finalizer's thread, which the JVM starts before `main`.
    private static void byOldThread(Runnable what) throws InterruptedException {
        var done = new CountDownLatch(1);
        drop(what, done);
        for (int i = 0; i < GC_MAX && done.getCount() > 0; i++) {
            System.gc();
            done.await(50, TimeUnit.MILLISECONDS);
        }
    }

    private static void drop(Runnable what, CountDownLatch done) {
        var _ = new Dropped(what, done);
    }

    // No other code of ours can be run on a thread that the JVM started before `main`.
    @SuppressWarnings({"removal", "deprecation"})
    private static final class Dropped {
        private final Runnable what;
        private final CountDownLatch done;

        Dropped(Runnable what, CountDownLatch done) {
            this.what = what;
            this.done = done;
        }

        @Override
        protected void finalize() {
            what.run();
            done.countDown();
        }
    }

    private void attempt(String what, Attempt attempt) {
        String result;
        try {
            attempt.run();
            result = "done";
        } catch (PosixException e) {
            result = "refused " + e.errno();
        } catch (IOException e) {
            result = "refused";
        }
        report.append(what).append(": ").append(result).append('\n');
    }
}
