package hearth.acceptance;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// NFS version 3 by hand (RFC 1813, RFC 5531), for what libnfs does not show: write verifiers. One thread.
final class RawNfs implements AutoCloseable {
    private static final int NFS = 100003;
    private static final int MOUNT = 100005;
    private static final int VERSION = 3;
    private static final int LAST_FRAGMENT = 0x8000_0000;
    private static final int CALL_BYTES_MAX = 128 * 1024;
    private static final int ATTRIBUTES_BYTES = 84;
    private static final int WCC_BEFORE_BYTES = 24;
    private static final Pattern PORT = Pattern.compile("nfsport=(\\d+)");

    private final Socket socket;
    private final DataInputStream in;
    private int xid = (int) System.nanoTime();

    /// @param url as the host shows it
    RawNfs(String url) throws IOException {
        Matcher port = PORT.matcher(url);
        if (!port.find()) {
            throw new IOException("no port in " + url);
        }
        socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        in = new DataInputStream(socket.getInputStream());
    }

    private ByteBuffer begin(int program, int procedure) {
        ByteBuffer call = ByteBuffer.allocate(CALL_BYTES_MAX);
        call.putInt(0).putInt(++xid).putInt(0).putInt(2).putInt(program).putInt(VERSION).putInt(procedure);
        // AUTH_SYS as root, without a machine name and groups.
        return call.putInt(1).putInt(20).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0);
    }

    private ByteBuffer answer(ByteBuffer call) throws IOException {
        call.putInt(0, call.position() - Integer.BYTES | LAST_FRAGMENT);
        socket.getOutputStream().write(call.array(), 0, call.position());
        byte[] reply = new byte[in.readInt() & ~LAST_FRAGMENT];
        in.readFully(reply);
        ByteBuffer answer = ByteBuffer.wrap(reply);
        boolean accepted = answer.getInt() == xid && answer.getInt() == 1 && answer.getInt() == 0;
        answer.getInt();
        skip(answer, answer.getInt());
        if (!accepted || answer.getInt() != 0) {
            throw new IOException("the call was not accepted");
        }
        int status = answer.getInt();
        if (status != 0) {
            throw new IOException("status " + status);
        }
        return answer;
    }

    private static void skip(ByteBuffer answer, int bytes) {
        answer.position(answer.position() + bytes);
    }

    private static void skipAttributes(ByteBuffer answer) {
        if (answer.getInt() == 1) {
            skip(answer, ATTRIBUTES_BYTES);
        }
    }

    private static void skipWcc(ByteBuffer answer) {
        if (answer.getInt() == 1) {
            skip(answer, WCC_BEFORE_BYTES);
        }
        skipAttributes(answer);
    }

    private static void putOpaque(ByteBuffer call, byte[] bytes) {
        call.putInt(bytes.length).put(bytes);
        call.position(call.position() + 3 & ~3);
    }

    private static byte[] opaque(ByteBuffer answer) {
        byte[] bytes = new byte[answer.getInt()];
        answer.get(bytes);
        answer.position(Math.min(answer.limit(), answer.position() + 3 & ~3));
        return bytes;
    }

    /// The root's handle of an export.
    byte[] mount(String path) throws IOException {
        ByteBuffer call = begin(MOUNT, 1);
        putOpaque(call, path.getBytes(StandardCharsets.UTF_8));
        return opaque(answer(call));
    }

    /// Makes a file that must not exist; its handle.
    byte[] create(byte[] directory, String name) throws IOException {
        ByteBuffer call = begin(NFS, 8);
        putOpaque(call, directory);
        putOpaque(call, name.getBytes(StandardCharsets.UTF_8));
        call.putInt(1).putInt(1).putInt(0644).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0);
        ByteBuffer answer = answer(call);
        answer.getInt();
        return opaque(answer);
    }

    /// Writes without asking for stability; the write verifier.
    long write(byte[] file, long offset, byte[] data) throws IOException {
        ByteBuffer call = begin(NFS, 7);
        putOpaque(call, file);
        call.putLong(offset).putInt(data.length).putInt(0);
        putOpaque(call, data);
        ByteBuffer answer = answer(call);
        skipWcc(answer);
        return answer.getLong(answer.position() + 2 * Integer.BYTES);
    }

    byte[] read(byte[] file, long offset, int count) throws IOException {
        ByteBuffer call = begin(NFS, 6);
        putOpaque(call, file);
        ByteBuffer answer = answer(call.putLong(offset).putInt(count));
        skipAttributes(answer);
        skip(answer, 2 * Integer.BYTES);
        return opaque(answer);
    }

    /// The write verifier.
    long commit(byte[] file) throws IOException {
        ByteBuffer call = begin(NFS, 21);
        putOpaque(call, file);
        ByteBuffer answer = answer(call.putLong(0).putInt(0));
        skipWcc(answer);
        return answer.getLong();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
