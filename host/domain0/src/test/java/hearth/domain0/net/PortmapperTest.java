package hearth.domain0.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: clients are told the ports over TCP and UDP, and nothing that they send makes the portmapper say anything else
/// or stop. Method: calls as bytes (RFC 1057, appendix A), on real sockets at a port that the kernel chooses.
class PortmapperTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int LAST = 1 << 31;
    private static final int NFS_PORT = 34_567;
    private static final int TIMEOUT_MS = 10_000;

    private final PortMap map = new PortMap(NFS_PORT);
    private Portmapper portmapper;

    @BeforeEach
    void open() throws IOException {
        portmapper = Portmapper.open("a", LOOPBACK, 0, map, Clock.SYSTEM, event -> {});
    }

    @AfterEach
    void close() {
        portmapper.close();
    }

    private static byte[] words(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Integer.BYTES);
        Arrays.stream(words).forEach(bytes::putInt);
        return bytes.array();
    }

    /// Without credentials.
    private static byte[] call(int version, int procedure, int... arguments) {
        byte[] header = words(7, 0, 2, 100_000, version, procedure, 0, 0, 0, 0);
        return ByteBuffer.allocate(header.length + arguments.length * Integer.BYTES)
                .put(header).put(words(arguments)).array();
    }

    private static byte[] getPort(int program, int version, int protocol) {
        return call(2, 3, program, version, protocol, 0);
    }

    private static byte[] accepted(int... rest) {
        return ByteBuffer.allocate(20 + rest.length * Integer.BYTES).put(words(7, 1, 0, 0, 0)).put(words(rest)).array();
    }

    private Optional<byte[]> answer(byte[] call) {
        return map.answer(ByteBuffer.wrap(call)).map(reply -> {
            byte[] bytes = new byte[reply.remaining()];
            reply.get(bytes);
            return bytes;
        });
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.connect(portmapper.address(), TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    private static byte[] record(byte[] message) {
        return ByteBuffer.allocate(4 + message.length).putInt(LAST | message.length).put(message).array();
    }

    private static byte[] receive(Socket socket) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        byte[] reply = new byte[in.readInt() & ~LAST];
        in.readFully(reply);
        return reply;
    }

    @Test
    void nfsAndMountHaveTheirPortOverTcpAndNothingElseHasOne() {
        assertThat(answer(getPort(100_003, 3, 6))).hasValue(accepted(0, NFS_PORT));
        assertThat(answer(getPort(100_005, 3, 6))).hasValue(accepted(0, NFS_PORT));
        assertThat(answer(getPort(100_000, 2, 17))).hasValue(accepted(0, 111));
        // The program itself says which versions it has.
        assertThat(answer(getPort(100_003, 4, 6))).hasValue(accepted(0, NFS_PORT));
        assertThat(answer(getPort(100_003, 3, 17))).hasValue(accepted(0, 0));
        assertThat(answer(getPort(100_021, 4, 6))).hasValue(accepted(0, 0));
        assertThat(answer(call(2, 0))).hasValue(accepted(0));
        assertThat(answer(call(2, 4))).hasValue(accepted(0, 1, 100_000, 2, 6, 111, 1, 100_000, 2, 17, 111,
                1, 100_003, 3, 6, NFS_PORT, 1, 100_005, 3, 6, NFS_PORT, 0));
    }

    @Test
    void nobodyElseRegistersOrIsCalledThroughIt() {
        for (int procedure : List.of(1, 2)) {
            assertThat(answer(call(2, procedure, 100_003, 3, 6, 99))).hasValue(accepted(0, 0));
        }
        assertThat(answer(getPort(100_003, 3, 6))).hasValue(accepted(0, NFS_PORT));
        assertThat(answer(call(2, 5, 100_003, 3, 0, 0))).isEmpty();
    }

    @Test
    void whatCannotBeAnsweredGetsTheErrorOfTheRfcOrNothing() {
        assertThat(answer(call(3, 3))).as("version 3").hasValue(accepted(2, 2, 2));
        assertThat(answer(call(2, 6))).as("no such procedure").hasValue(accepted(3));
        assertThat(answer(call(2, 3, 100_003, 3))).as("arguments that end").hasValue(accepted(4));
        assertThat(answer(words(7, 0, 2, 100_003, 3, 0, 0, 0, 0, 0))).as("another program").hasValue(accepted(1));
        assertThat(answer(words(7, 0, 3, 100_000, 2, 0))).as("RPC version 3").hasValue(words(7, 1, 1, 0, 2, 2));
        assertThat(answer(words(7, 1, 0, 0, 0, 0, 0, 0))).as("a reply").isEmpty();
        assertThat(answer(words(7, 0, 2, 100_000, 2, 0, 1, 401, 0, 0))).as("credentials too long").isEmpty();
        assertThat(answer(words(7, 0, 2, 100_000, 2, 0, 1, -1, 0, 0))).as("a negative length").isEmpty();
        byte[] whole = getPort(100_003, 3, 6);
        for (int length = 0; length < 40; length++) {
            assertThat(answer(Arrays.copyOf(whole, length))).as("%d bytes", length).isEmpty();
        }
    }

    @Test
    void aConnectionMayCutItsCallsAsItLikes() throws IOException {
        byte[] call = getPort(100_003, 3, 6);
        ByteBuffer stream = ByteBuffer.allocate(300)
                .putInt(10).put(call, 0, 10).putInt(0).putInt(LAST | call.length - 10).put(call, 10, call.length - 10)
                .put(record(call(2, 0))).put(record(getPort(100_005, 3, 6))).flip();
        for (int pieceBytes : List.of(1, 7, 300)) {
            try (Socket socket = connect()) {
                socket.setTcpNoDelay(true);
                for (int from = 0; from < stream.limit(); from += pieceBytes) {
                    socket.getOutputStream().write(stream.array(), from, Math.min(pieceBytes, stream.limit() - from));
                }
                assertThat(receive(socket)).isEqualTo(accepted(0, NFS_PORT));
                assertThat(receive(socket)).isEqualTo(accepted(0));
                assertThat(receive(socket)).isEqualTo(accepted(0, NFS_PORT));
            }
        }
    }

    @Test
    void aDatagramIsAnsweredAndNonsenseIsNot() throws IOException {
        try (var socket = new DatagramSocket(0, LOOPBACK)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(portmapper.address());
            byte[] call = getPort(100_003, 3, 6);
            socket.send(new DatagramPacket(new byte[3], 3));
            // Whatever else they say, they are no calls.
            byte[] replies = new byte[9000];
            Arrays.fill(replies, (byte) 1);
            socket.send(new DatagramPacket(replies, replies.length));
            socket.send(new DatagramPacket(call, call.length));
            var reply = new DatagramPacket(new byte[100], 100);
            socket.receive(reply);
            assertThat(Arrays.copyOf(reply.getData(), reply.getLength())).isEqualTo(accepted(0, NFS_PORT));
        }
    }

    @Test
    void aRecordThatIsTooLongEndsItsConnectionAndNoOther() throws IOException {
        try (Socket good = connect(); Socket bad = connect()) {
            bad.getOutputStream().write(words(LAST | 1 << 30));
            assertThat(bad.getInputStream().read()).isEqualTo(-1);
            good.getOutputStream().write(record(call(2, 0)));
            assertThat(receive(good)).isEqualTo(accepted(0));
        }
    }

    @Test
    void ofTooManyConnectionsTheOneThatWasSilentLongestGoes() throws IOException {
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 64; i++) {
                Socket socket = connect();
                sockets.add(socket);
                // Answered: so it is known that it was accepted before the next.
                socket.getOutputStream().write(record(call(2, 0)));
                receive(socket);
            }
            sockets.getFirst().getOutputStream().write(record(call(2, 0)));
            receive(sockets.getFirst());
            sockets.add(connect());
            assertThat(sockets.get(1).getInputStream().read()).isEqualTo(-1);
            for (int i : List.of(0, 2, 64)) {
                sockets.get(i).getOutputStream().write(record(call(2, 0)));
                assertThat(receive(sockets.get(i))).isEqualTo(accepted(0));
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithTheRemedy() throws IOException {
        try (var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(LOOPBACK, 0));
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> Portmapper.open("b", LOOPBACK, port, map, Clock.SYSTEM, event -> {}))
                    .isInstanceOf(ListenException.class)
                    .hasMessageMatching("cannot be portmapper on 127.0.0.1 port " + port
                            + ": .*; stop the portmapper that has it \\(rpcbind\\), or leave out 'portmapper'");
        }
    }
}
