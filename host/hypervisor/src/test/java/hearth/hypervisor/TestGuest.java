package hearth.hypervisor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

import hearth.base.posix.Descriptors;
import hearth.base.posix.PosixException;
import hearth.base.posix.Processes;
import hearth.base.posix.Sockets;

/// What the driver's tests start: a guest that tries what it must not, reports over its channel and then waits for an
/// order. Arguments: the expected parent, a loopback TCP port that somebody listens on, a folder that it can read.
final class TestGuest {
    private static final int CHANNEL = 3;

    private TestGuest() {}

    interface Attempt {
        void run() throws IOException;
    }

    public static void main(String[] args) throws IOException {
        int parent = Integer.parseInt(args[0]);
        int port = Integer.parseInt(args[1]);
        Path program = Path.of(args[2]);
        Processes.dieWithParent(parent);
        System.err.println("a word for the log");
        StringBuilder report = new StringBuilder();
        attempt(report, "read /etc/passwd", () -> Files.readString(Path.of("/etc/passwd")));
        attempt(report, "list /", () -> Files.list(Path.of("/")).close());
        attempt(report, "read parent's environment", () -> Files.readAllBytes(Path.of("/proc/" + parent + "/environ")));
        attempt(report, "write to program", () -> Files.writeString(program.resolve("written-by-guest"), "x"));
        attempt(report, "write to /tmp", () -> Files.createTempFile("guest", ".tmp"));
        attempt(report, "list program", () -> Files.list(program).close());
        attempt(report, "connect", () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            }
        });
        attempt(report, "bind", () -> {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress("127.0.0.1", 0));
            }
        });
        attempt(report, "signal parent", () -> {
            int pidfd = Processes.pidfd(parent);
            try {
                Processes.signal(pidfd, 0);
            } finally {
                Descriptors.close(pidfd);
            }
        });
        attempt(report, "random", () -> new SecureRandom().nextLong());
        attempt(report, "duplicate channel", () -> Descriptors.close(Descriptors.duplicate(CHANNEL)));
        try (Arena arena = Arena.ofConfined()) {
            Sockets.send(CHANNEL, arena.allocateFrom(ValueLayout.JAVA_BYTE,
                    report.toString().getBytes(StandardCharsets.UTF_8)));
            MemorySegment order = arena.allocate(Integer.BYTES);
            if (Sockets.receive(CHANNEL, order, 0).length() == Integer.BYTES) {
                Runtime.getRuntime().halt(order.get(ValueLayout.JAVA_INT, 0));
            }
            // The end of the channel alone ends no guest: that is what the parent-death signal is tested for.
            Processes.awaitExit(Processes.pidfd((int) ProcessHandle.current().pid()), -1);
        }
    }

    private static void attempt(StringBuilder report, String what, Attempt attempt) {
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
