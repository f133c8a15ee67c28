package hearth.nmodule.nfs;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import hearth.cf.FileHandle;

import static org.assertj.core.api.Assertions.assertThat;

/// An ONC RPC client for tests, written from the RFCs alone: it shares no code with the server.
final class TestClient implements AutoCloseable {
    static final int NFS = 100003;
    static final int MOUNT = 100005;

    private final Socket socket;
    private final DataInputStream in;
    private int xid = 1000;
    byte[] credentials = unix(0, 0);

    TestClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /// XDR data being put together.
    static final class Args {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        Args i(int value) {
            try {
                out.writeInt(value);
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Args l(long value) {
            return i((int) (value >>> 32)).i((int) value);
        }

        Args raw(byte[] value) {
            bytes.writeBytes(value);
            return this;
        }

        Args opaque(byte[] value) {
            return i(value.length).raw(value).raw(new byte[-value.length & 3]);
        }

        Args s(String value) {
            return opaque(value.getBytes(StandardCharsets.UTF_8));
        }

        Args fh(FileHandle handle) {
            return opaque(FileHandleLayout.encode(handle));
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    static Args args() {
        return new Args();
    }

    static byte[] none() {
        return args().i(0).i(0).bytes();
    }

    static byte[] unix(int uid, int gid, int... groups) {
        var body = args().i(0).s("client").i(uid).i(gid).i(groups.length);
        for (int group : groups) {
            body.i(group);
        }
        return args().i(1).opaque(body.bytes()).bytes();
    }

    /// A whole call message without record mark.
    byte[] message(int program, int version, int procedure, Args args) {
        return args().i(++xid).i(0).i(2).i(program).i(version).i(procedure)
                .raw(credentials).i(0).i(0).raw(args.bytes()).bytes();
    }

    int lastXid() {
        return xid;
    }

    void send(byte[] message) throws IOException {
        socket.getOutputStream().write(
                ByteBuffer.allocate(4 + message.length).putInt(message.length | 1 << 31).put(message).array());
    }

    void sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /// The next reply message, from its xid on.
    ByteBuffer receive() throws IOException {
        int mark = in.readInt();
        assertThat(mark).as("one last fragment").isNegative();
        return ByteBuffer.wrap(in.readNBytes(mark & Integer.MAX_VALUE));
    }

    boolean isClosedByServer() throws IOException {
        return socket.getInputStream().read() == -1;
    }

    int available() throws IOException {
        return socket.getInputStream().available();
    }

    /// Calls and returns the results of a reply that must be accepted and successful.
    ByteBuffer call(int program, int version, int procedure, Args args) throws IOException {
        send(message(program, version, procedure, args));
        return results(receive(), xid);
    }

    static ByteBuffer results(ByteBuffer reply, int xid) {
        assertThat(reply.getInt()).as("xid").isEqualTo(xid);
        assertThat(reply.getInt()).as("REPLY").isEqualTo(1);
        assertThat(reply.getInt()).as("MSG_ACCEPTED").isZero();
        assertThat(reply.getLong()).as("verifier").isZero();
        assertThat(reply.getInt()).as("SUCCESS").isZero();
        return reply;
    }

    ByteBuffer nfs(int procedure, Args args) throws IOException {
        return call(NFS, 3, procedure, args);
    }

    /// A call that must fail with `status`; returns what follows it.
    ByteBuffer nfsFails(int procedure, Args args, int status) throws IOException {
        var results = nfs(procedure, args);
        assertThat(results.getInt()).as("nfsstat3").isEqualTo(status);
        return results;
    }

    ByteBuffer nfsOk(int procedure, Args args) throws IOException {
        return nfsFails(procedure, args, 0);
    }

    static byte[] opaque(ByteBuffer in) {
        var bytes = new byte[in.getInt()];
        in.get(bytes);
        in.position(in.position() + (-bytes.length & 3));
        return bytes;
    }

    static FileHandle handle(ByteBuffer in) {
        byte[] bytes = opaque(in);
        assertThat(bytes).hasSize(28);
        var b = ByteBuffer.wrap(bytes);
        assertThat(b.get()).isEqualTo((byte) 1);
        return new FileHandle(b.getLong(), b.getInt(), b.getLong(), b.getInt());
    }

    /// fattr3: the fields that tests look at.
    record Fattr(int type, int mode, int links, int uid, int gid, long size, int major, int minor, long fileId,
            long modifyNs, long changeNs) {}

    static Fattr fattr(ByteBuffer in) {
        int type = in.getInt();
        int mode = in.getInt();
        int links = in.getInt();
        int uid = in.getInt();
        int gid = in.getInt();
        long size = in.getLong();
        in.getLong();
        int major = in.getInt();
        int minor = in.getInt();
        in.getLong();
        long fileId = in.getLong();
        in.getLong();
        long modify = time(in);
        return new Fattr(type, mode, links, uid, gid, size, major, minor, fileId, modify, time(in));
    }

    static long time(ByteBuffer in) {
        return Integer.toUnsignedLong(in.getInt()) * 1_000_000_000L + in.getInt();
    }

    /// post_op_attr that must be there.
    static Fattr postOp(ByteBuffer in) {
        assertThat(in.getInt()).as("attributes follow").isEqualTo(1);
        return fattr(in);
    }

    /// wcc_data with both parts; returns the second.
    static Fattr wcc(ByteBuffer in) {
        assertThat(in.getInt()).as("pre-operation attributes follow").isEqualTo(1);
        in.position(in.position() + 24);
        return postOp(in);
    }

    static void noWcc(ByteBuffer in) {
        assertThat(in.getLong()).as("neither before nor after").isZero();
    }

    static void end(ByteBuffer in) {
        assertThat(in.remaining()).as("nothing follows").isZero();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
