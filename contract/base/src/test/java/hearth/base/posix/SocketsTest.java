package hearth.base.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: descriptors and bytes arrive as sent, and every end is seen. Method: real pairs; TCP on loopback with the
/// JDK's sockets as the other side.
class SocketsTest {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void free() {
        arena.close();
    }

    private MemorySegment text(String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String string(MemorySegment bytes, long length) {
        return new String(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    @Test
    void messagesKeepTheirBoundariesAndDescriptors() throws IOException {
        int[] ends = Sockets.pair();
        int file = MemoryFiles.create("hearth-test", 4096);
        Descriptors.writeAt(file, text("inside"), 0);
        Sockets.send(ends[0], text("first"), file, ends[0]);
        Sockets.send(ends[0], text("second"));
        MemorySegment buffer = arena.allocate(100);

        Sockets.Received first = Sockets.receive(ends[1], buffer, 4);
        assertThat(string(buffer, first.length())).isEqualTo("first");
        assertThat(first.fds()).hasSize(2).doesNotContain(file, ends[0]);
        MemorySegment content = arena.allocate(6);
        Descriptors.readAt(first.fds()[0], content, 0);
        assertThat(string(content, 6)).isEqualTo("inside");
        assertThat(closeOnExec(first.fds()[0])).isTrue();

        Sockets.Received second = Sockets.receive(ends[1], buffer, 0);
        assertThat(string(buffer, second.length())).isEqualTo("second");
        assertThat(second.fds()).isEmpty();
        close(first.fds());
        close(ends);
        Descriptors.close(file);
    }

    @Test
    void closedPeerIsTheEndAndAnErrorToTheSender() throws IOException {
        int[] ends = Sockets.pair();
        Sockets.send(ends[1], text("never read"));
        Descriptors.close(ends[0]);
        MemorySegment buffer = arena.allocate(8);
        assertThat(Sockets.receive(ends[1], buffer, 1).length()).isZero();
        assertThat(Sockets.receive(ends[1], buffer, 1).length()).isZero();
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> Sockets.send(ends[1], buffer))
                .matches(e -> e.errno() == Errno.EPIPE)
                .withMessageContaining("EPIPE");
        Descriptors.close(ends[1]);
    }

    @Test
    void whatDoesNotFitIsRefusedAndLeavesNothingOpen() throws IOException {
        int[] ends = Sockets.pair();
        MemorySegment buffer = arena.allocate(8);
        long openBefore = openDescriptors();
        Sockets.send(ends[0], text("fds"), ends[0], ends[0], ends[0]);
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> Sockets.receive(ends[1], buffer, 2))
                .matches(e -> e.errno() == Errno.EMSGSIZE);
        Sockets.send(ends[0], text("longer than eight"), ends[0]);
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> Sockets.receive(ends[1], buffer, 2))
                .matches(e -> e.errno() == Errno.EMSGSIZE);
        assertThat(openDescriptors()).isEqualTo(openBefore);
        close(ends);
    }

    @Test
    void sixtyFourDescriptorsFitAMessage() throws IOException {
        int[] ends = Sockets.pair();
        int[] many = new int[Sockets.DESCRIPTORS_MAX];
        Arrays.fill(many, ends[0]);
        Sockets.send(ends[0], text("many"), many);
        Sockets.Received received = Sockets.receive(ends[1], arena.allocate(8), Sockets.DESCRIPTORS_MAX);
        assertThat(received.fds()).hasSize(Sockets.DESCRIPTORS_MAX).doesNotHaveDuplicates();
        close(received.fds());
        close(ends);
    }

    @Test
    void tcpConnectionCarriesBytesBothWays() throws IOException {
        int listener = Sockets.listenTcp(LOOPBACK, 0, 16);
        assertThat(Sockets.accept(listener)).as("nobody came yet").isEqualTo(-1);
        try (Socket client = new Socket(InetAddress.getByAddress(LOOPBACK), Sockets.port(listener))) {
            int connection = Sockets.accept(listener);
            Sockets.noDelay(connection);
            assertThat(Sockets.peerAddress(connection)).isEqualTo(LOOPBACK);
            assertThat(Sockets.peerPort(connection)).isEqualTo(client.getLocalPort());
            MemorySegment buffer = arena.allocate(64);
            assertThat(Sockets.receiveInto(connection, buffer)).as("nothing yet").isEqualTo(-1);

            client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> readable(connection));
            assertThat(Sockets.receiveInto(connection, buffer)).isEqualTo(5);
            assertThat(string(buffer, 5)).isEqualTo("hello");

            assertThat(Sockets.sendFrom(connection, text("one "))).isEqualTo(4);
            assertThat(Sockets.sendGather(connection, new MemorySegment[] {text("two "), text("three")})).isEqualTo(9);
            assertThat(client.getInputStream().readNBytes(13)).asString().isEqualTo("one two three");

            client.shutdownOutput();
            await().until(() -> readable(connection));
            assertThat(Sockets.receiveInto(connection, buffer)).as("the end").isZero();
            Descriptors.close(connection);
        }
        Descriptors.close(listener);
    }

    // Readable: asked by epoll, which takes nothing out.
    private static boolean readable(int fd) throws IOException {
        int epoll = Epoll.create();
        try (Arena own = Arena.ofConfined()) {
            Epoll.add(epoll, fd, Epoll.EPOLLIN, 0);
            return Epoll.await(epoll, own.allocate(Epoll.EVENT_SIZE), 1, 0) == 1;
        } finally {
            Descriptors.close(epoll);
        }
    }

    @Test
    void fullConnectionWouldBlock() throws IOException {
        int listener = Sockets.listenTcp(LOOPBACK, 0, 16);
        try (Socket client = new Socket(InetAddress.getByAddress(LOOPBACK), Sockets.port(listener))) {
            int connection = Sockets.accept(listener);
            MemorySegment chunk = arena.allocate(1 << 20);
            long sent = 0;
            int taken = Sockets.sendFrom(connection, chunk);
            while (taken > 0 && sent < 1L << 30) {
                sent += taken;
                taken = Sockets.sendFrom(connection, chunk);
            }
            assertThat(taken).isEqualTo(-1);
            assertThat(Sockets.sendGather(connection, new MemorySegment[] {chunk})).isEqualTo(-1);
            Sockets.shutdown(connection);
            Sockets.shutdown(connection);
            Descriptors.close(connection);
            assertThat(client.isConnected()).isTrue();
        }
        Descriptors.close(listener);
    }

    @Test
    void resetOnCloseIsSeenAsReset() throws IOException {
        int listener = Sockets.listenTcp(LOOPBACK, 0, 16);
        try (Socket client = new Socket(InetAddress.getByAddress(LOOPBACK), Sockets.port(listener))) {
            int connection = Sockets.accept(listener);
            Sockets.resetOnClose(connection);
            Descriptors.close(connection);
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read());
        }
        Descriptors.close(listener);
    }

    @Test
    void takenPortIsRefusedByName() throws IOException {
        int listener = Sockets.listenTcp(LOOPBACK, 0, 16);
        int port = Sockets.port(listener);
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> Sockets.listenTcp(LOOPBACK, port, 16))
                .withMessageContaining("EADDRINUSE");
        Descriptors.close(listener);
    }

    @Test
    void connectionOverIpv6HasALongAddress() throws IOException {
        byte[] address = new byte[16];
        address[15] = 1;
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "no IPv6");
        int listener = Sockets.listenTcp(address, 0, 16);
        try (Socket client = new Socket()) {
            client.connect(new InetSocketAddress(InetAddress.getByAddress(address), Sockets.port(listener)));
            int connection = Sockets.accept(listener);
            assertThat(Sockets.peerAddress(connection)).isEqualTo(address);
            Descriptors.close(connection);
        }
        Descriptors.close(listener);
    }

    private static void close(int[] fds) {
        for (int fd : fds) {
            Descriptors.close(fd);
        }
    }

    private static long openDescriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    private static boolean closeOnExec(int fd) throws IOException {
        String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).get(1).split("\\s+")[1];
        return (Integer.parseInt(flags, 8) & 0x80000) != 0;
    }
}
