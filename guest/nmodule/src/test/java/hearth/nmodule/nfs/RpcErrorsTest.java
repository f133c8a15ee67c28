package hearth.nmodule.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.nmodule.net.NetLimits;

import static hearth.nmodule.nfs.TestClient.args;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// Goal: what is wrong below NFS is answered as RFC 5531 says, byte by byte, and hurts nobody else.
/// Method: messages built by hand on real sockets.
class RpcErrorsTest {
    private TestServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        client = server.client();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void anotherRpcVersionIsDeniedWithOurs() throws IOException {
        client.send(args().i(77).i(0).i(3).i(TestClient.NFS).i(3).i(0).l(0).l(0).bytes());
        // xid, REPLY, MSG_DENIED, RPC_MISMATCH, lowest 2, highest 2
        expect(77, 1, 1, 0, 2, 2);
    }

    @Test
    void anUnknownProgramIsUnavailable() throws IOException {
        client.send(client.message(100099, 3, 0, args()));
        // xid, REPLY, MSG_ACCEPTED, AUTH_NONE, 0, PROG_UNAVAIL
        expect(client.lastXid(), 1, 0, 0, 0, 1);
    }

    @Test
    void anotherVersionOfAProgramIsAnsweredWithOurs() throws IOException {
        client.send(client.message(TestClient.NFS, 4, 0, args()));
        expect(client.lastXid(), 1, 0, 0, 0, 2, 3, 3);
        client.send(client.message(TestClient.NFS, -1, 0, args()));
        expect(client.lastXid(), 1, 0, 0, 0, 2, 3, 3);
        client.send(client.message(TestClient.MOUNT, 4, 0, args()));
        expect(client.lastXid(), 1, 0, 0, 0, 2, 1, 3);
    }

    @Test
    void anUnknownProcedureIsUnavailable() throws IOException {
        client.send(client.message(TestClient.NFS, 3, 22, args()));
        expect(client.lastXid(), 1, 0, 0, 0, 3);
        client.send(client.message(TestClient.NFS, 3, -1, args()));
        expect(client.lastXid(), 1, 0, 0, 0, 3);
        client.send(client.message(TestClient.MOUNT, 1, 1, args()));
        expect(client.lastXid(), 1, 0, 0, 0, 3);
    }

    @Test
    void argumentsThatCannotBeDecodedAreGarbage() throws IOException {
        byte[] garbage = new byte[3];
        client.send(client.message(TestClient.NFS, 3, 1, args()));
        expect(client.lastXid(), 1, 0, 0, 0, 4);
        client.send(client.message(TestClient.NFS, 3, 1, args().i(65).raw(new byte[68])));
        expect(client.lastXid(), 1, 0, 0, 0, 4);
        client.send(client.message(TestClient.NFS, 3, 6, args().fh(MemoryTree.ROOT).raw(garbage)));
        expect(client.lastXid(), 1, 0, 0, 0, 4);
        client.send(client.message(TestClient.NFS, 3, 3, args().fh(MemoryTree.ROOT).i(-1)));
        expect(client.lastXid(), 1, 0, 0, 0, 4);
        // stable_how 3, a boolean of 2, a mount path of 1025 bytes
        client.send(client.message(TestClient.NFS, 3, 7, args().fh(MemoryTree.ROOT).l(0).i(0).i(3).i(0)));
        expect(client.lastXid(), 1, 0, 0, 0, 4);
        client.send(client.message(TestClient.NFS, 3, 2, args().fh(MemoryTree.ROOT).i(2).raw(new byte[28])));
        expect(client.lastXid(), 1, 0, 0, 0, 4);
        client.send(client.message(TestClient.MOUNT, 3, 1, args().opaque(new byte[1025])));
        expect(client.lastXid(), 1, 0, 0, 0, 4);
        assertThat(server.server.statistics().rpcErrors()).isEqualTo(7);
    }

    @Test
    void credentialsThatCannotBeAcceptedAreAnAuthenticationError() throws IOException {
        // AUTH_SHORT, an unknown flavor, a body over 400 bytes, 17 groups, a name of 256 bytes, a body that ends early
        byte[][] bad = {
            args().i(2).i(0).bytes(),
            args().i(99).opaque(new byte[8]).bytes(),
            args().i(1).i(404).raw(new byte[404]).bytes(),
            TestClient.unix(1, 1, new int[17]),
            args().i(1).opaque(args().i(0).opaque(new byte[256]).i(0).i(0).i(0).bytes()).bytes(),
            args().i(1).opaque(args().i(0).s("c").i(0).bytes()).bytes(),
            args().i(1).opaque(args().i(0).s("c").i(0).i(0).i(0).i(0).bytes()).bytes(),
        };
        for (byte[] credentials : bad) {
            client.credentials = credentials;
            client.send(client.message(TestClient.NFS, 3, 0, args()));
            // xid, REPLY, MSG_DENIED, AUTH_ERROR, AUTH_BADCRED
            expect(client.lastXid(), 1, 1, 1, 1);
        }
        client.credentials = TestClient.none();
        client.send(args().i(5).i(0).i(2).i(TestClient.NFS).i(3).i(0).l(0).i(1).i(0).bytes());
        expect(5, 1, 1, 1, 3);
    }

    @Test
    void sixteenGroupsAndTheLongestNameAreAccepted() throws IOException {
        var body = args().i(0).opaque(new byte[255]).i(7).i(8).i(16);
        for (int i = 0; i < 16; i++) {
            body.i(100 + i);
        }
        client.credentials = args().i(1).opaque(body.bytes()).bytes();
        client.nfsOk(1, args().fh(MemoryTree.ROOT));
        var caller = server.tree.lastCaller.orElseThrow();
        assertThat(caller.uid()).isEqualTo(7);
        assertThat(caller.gid()).isEqualTo(8);
        assertThat(caller.groups()).hasSize(16).contains(100, 115);
    }

    @Test
    void whatIsNoCallClosesItsConnectionAndNoOther() throws IOException {
        byte[][] bad = {
            new byte[0], new byte[4], args().i(1).i(1).i(0).bytes(),
        };
        for (byte[] message : bad) {
            try (var other = server.client()) {
                other.send(message);
                assertThat(other.isClosedByServer()).isTrue();
            }
        }
        try (var other = server.client()) {
            other.sendRaw(args().i((NetLimits.RECORD_BYTES_MAX + 1) | 1 << 31).bytes());
            assertThat(other.isClosedByServer()).isTrue();
        }
        client.nfsOk(1, args().fh(MemoryTree.ROOT));
    }

    @Test
    void aCallInManyFragmentsAndManyCallsInOneSegmentAreUnderstood() throws IOException {
        byte[] message = client.message(TestClient.NFS, 3, 1, args().fh(MemoryTree.ROOT));
        var stream = args();
        for (int i = 0; i < message.length; i++) {
            stream.i(i == message.length - 1 ? 1 | 1 << 31 : 1).raw(new byte[] {message[i]});
        }
        for (int i = 0; i < 20; i++) {
            stream.i(message.length | 1 << 31).raw(message);
        }
        client.sendRaw(stream.bytes());
        for (int i = 0; i < 21; i++) {
            assertThat(TestClient.results(client.receive(), client.lastXid()).getInt()).isZero();
        }
    }

    @Test
    void aCallSentByteByByteIsUnderstood() throws IOException {
        byte[] message = client.message(TestClient.NFS, 3, 1, args().fh(MemoryTree.ROOT));
        for (byte b : args().i(message.length | 1 << 31).raw(message).bytes()) {
            client.sendRaw(new byte[] {b});
        }
        assertThat(TestClient.results(client.receive(), client.lastXid()).getInt()).isZero();
    }

    @Test
    void theChecksumIsOfEverythingBehindTheXidAndHasItsLength() throws IOException {
        byte[] message = client.message(TestClient.NFS, 3, 1, args().fh(MemoryTree.ROOT));
        client.send(message);
        client.receive();
        var crc = new CRC32C();
        crc.update(message, 4, message.length - 4);
        var caller = server.tree.lastCaller.orElseThrow();
        assertThat(caller.xid()).isEqualTo(client.lastXid());
        assertThat(caller.callChecksum()).isEqualTo((long) (message.length - 4) << 32 | crc.getValue());
        assertThat(caller.clientAddress()).containsExactly(127, 0, 0, 1);
    }

    @Test
    void damagedCallsNeverHurtAnotherClient() throws IOException {
        long seed = Long.getLong("hearth.seed", new Random().nextLong());
        System.out.println("RpcErrorsTest seed " + seed + " (-Dhearth.seed=…)");
        var random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            try (var bad = server.client()) {
                for (int i = 0; i < 30; i++) {
                    bad.sendRaw(damaged(bad, random));
                }
            } catch (IOException e) {
                // The server closed it in the middle, as it may.
                assertThat(e.getMessage()).isNotNull();
            }
            client.nfsOk(1, args().fh(MemoryTree.ROOT));
        }
    }

    private static byte[] damaged(TestClient bad, Random random) {
        var args = args().fh(MemoryTree.ROOT);
        for (int i = random.nextInt(20); i > 0; i--) {
            args.i(random.nextBoolean() ? random.nextInt(4) : random.nextInt());
        }
        byte[] message = bad.message(
                random.nextInt(4) == 0 ? TestClient.MOUNT : TestClient.NFS, 3, random.nextInt(22), args);
        for (int i = random.nextInt(4); i > 0; i--) {
            message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextInt(4) == 0) {
            message = Arrays.copyOf(message, random.nextInt(message.length));
        }
        return ByteBuffer.allocate(4 + message.length)
                .putInt(message.length | 1 << 31)
                .put(message)
                .array();
    }

    @Test
    void aDroppedReplyIsNotSent() throws IOException {
        server.tree.instead = request -> request instanceof CfRequest.Remove
                ? Optional.of(new CfReply.Dropped())
                : Optional.empty();
        client.send(client.message(TestClient.NFS, 3, 12, args().fh(MemoryTree.ROOT).s("x")));
        client.nfsOk(1, args().fh(MemoryTree.ROOT));
        // The two calls run side by side: the answer to the second says nothing of the first.
        await().until(() -> server.server.statistics().droppedCalls() == 1);
        assertThat(client.available()).isZero();
    }

    @Test
    void theFirstReplyIsReportedOnce() throws IOException {
        client.call(TestClient.MOUNT, 3, 0, args());
        assertThat(server.firstReplies).hasValue(0);
        client.nfs(0, args());
        client.nfsOk(1, args().fh(MemoryTree.ROOT));
        await().until(() -> server.firstReplies.get() > 0);
        assertThat(server.firstReplies).hasValue(1);
    }

    private void expect(int... words) throws IOException {
        var expected = args();
        for (int word : words) {
            expected.i(word);
        }
        assertThat(client.receive().array()).isEqualTo(expected.bytes());
    }
}
