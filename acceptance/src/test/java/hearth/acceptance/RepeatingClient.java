package hearth.acceptance;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;

/// An ONC RPC client that never gives a call up: when the connection ends without an answer it connects again and
/// sends the same bytes, as a mounted client does. One call at a time; one thread.
final class RepeatingClient implements AutoCloseable {
    static final int NFS = 100_003;
    static final int MOUNT = 100_005;
    static final String NO_ANSWER = "no answer to a call";
    private static final int VERSION = 3;
    private static final int UID = 1000;
    private static final int ANSWER_MS = 5_000;
    private static final long GIVE_UP_NS = Duration.ofSeconds(40).toNanos();
    private static final int LAST_FRAGMENT = 1 << 31;

    private final int port;
    private Socket socket;
    private DataInputStream in;
    private int lost;

    RepeatingClient(int port) {
        this.port = port;
    }

    /// A whole call, which repeats byte for byte.
    static byte[] message(int xid, int program, int procedure, Xdr arguments) {
        byte[] who = new Xdr().i(0).s("repeating").i(UID).i(UID).i(0).bytes();
        return new Xdr().i(xid).i(0).i(2).i(program).i(VERSION).i(procedure)
                .i(1).opaque(who).i(0).i(0).raw(arguments.bytes()).bytes();
    }

    /// Connections that ended under a call.
    int lost() {
        return lost;
    }

    /// Sends until there is an answer: the reply message from its xid on.
    byte[] call(byte[] message) {
        long start = System.nanoTime();
        IOException last = null;
        while (System.nanoTime() - start < GIVE_UP_NS) {
            try {
                return tryCall(message);
            } catch (IOException e) {
                last = e;
                close();
            }
        }
        throw new AssertionError(NO_ANSWER, last);
    }

    /// Sends once; the connection is gone after an exception.
    byte[] tryCall(byte[] message) throws IOException {
        try {
            if (socket == null) {
                socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(ANSWER_MS);
                in = new DataInputStream(socket.getInputStream());
            }
            socket.getOutputStream().write(ByteBuffer.allocate(Integer.BYTES + message.length)
                    .putInt(message.length | LAST_FRAGMENT).put(message).array());
            return reply(ByteBuffer.wrap(message).getInt());
        } catch (IOException e) {
            lost++;
            close();
            throw e;
        }
    }

    private byte[] reply(int xid) throws IOException {
        byte[] reply = new byte[in.readInt() & ~LAST_FRAGMENT];
        in.readFully(reply);
        if (ByteBuffer.wrap(reply).getInt() != xid) {
            throw new EOFException("an answer to another call");
        }
        return reply;
    }

    /// What follows the header of a reply that was accepted and carried out.
    static ByteBuffer results(byte[] reply) {
        var in = ByteBuffer.wrap(reply);
        in.getInt();
        boolean good = in.getInt() == 1 && in.getInt() == 0 && in.getLong() == 0 && in.getInt() == 0;
        if (!good) {
            throw new AssertionError("a call was refused");
        }
        return in;
    }

    /// The root's handle of an export.
    byte[] mount(String path) {
        ByteBuffer in = results(call(message(1, MOUNT, 1, new Xdr().s(path))));
        if (in.getInt() != 0) {
            throw new AssertionError("mount of " + path + " refused");
        }
        return Xdr.opaque(in);
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException gone) {
            // It is closed then.
        }
        socket = null;
    }
}
