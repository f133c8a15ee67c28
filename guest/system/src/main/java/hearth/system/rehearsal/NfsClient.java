package hearth.system.rehearsal;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import hearth.base.Check;

/// A small NFS version 3 client on one TCP connection: one call after the other, each must succeed. One thread.
public final class NfsClient implements AutoCloseable {
    private static final int NFS = 100_003;
    private static final int MOUNT = 100_005;
    private static final int VERSION = 3;
    private static final int TIMEOUT_MS = 10_000;
    private static final int CALL_BYTES = 1_024;
    private static final int ATTRIBUTES_BYTES = 84;
    private static final int LAST_FRAGMENT = 1 << 31;

    private final Socket socket;
    private final DataInputStream in;
    private int xid;

    /// Connects to a port on loopback. `firstXid` keeps the calls of two clients apart.
    public NfsClient(int port, int firstXid) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
        xid = firstXid;
    }

    /// The number of the next call.
    public int xid() {
        return xid;
    }

    /// Makes the next call a repeat of an earlier one.
    public void setXid(int next) {
        xid = next;
    }

    private Xdr call(int program, int procedure, byte[] arguments) throws IOException {
        send(program, procedure, arguments);
        int mark = in.readInt();
        Check.that((mark & LAST_FRAGMENT) != 0, "a reply in one fragment");
        byte[] reply = new byte[mark & ~LAST_FRAGMENT];
        in.readFully(reply);
        Xdr answer = new Xdr(reply);
        Check.that(answer.getInt() == xid, "reply to another call", xid);
        Check.that(answer.getInt() == 1 && answer.getInt() == 0, "call denied", procedure);
        answer.getInt();
        answer.getOpaque();
        Check.that(answer.getInt() == 0, "call not accepted", procedure);
        xid++;
        return answer;
    }

    private void send(int program, int procedure, byte[] arguments) throws IOException {
        byte[] credentials = new Xdr(64).putInt(0).putOpaque("rehearsal".getBytes(StandardCharsets.US_ASCII))
                .putInt(0).putInt(0).putInt(0).written();
        byte[] head = new Xdr(128).putInt(xid).putInt(0).putInt(2).putInt(program).putInt(VERSION).putInt(procedure)
                .putInt(1).putOpaque(credentials).putInt(0).putInt(0).written();
        Xdr record = new Xdr(Integer.BYTES + head.length + arguments.length);
        record.putInt(LAST_FRAGMENT | head.length + arguments.length);
        byte[] whole = new byte[Integer.BYTES + head.length + arguments.length];
        System.arraycopy(record.written(), 0, whole, 0, Integer.BYTES);
        System.arraycopy(head, 0, whole, Integer.BYTES, head.length);
        System.arraycopy(arguments, 0, whole, Integer.BYTES + head.length, arguments.length);
        socket.getOutputStream().write(whole);
    }

    private Xdr nfs(int procedure, byte[] arguments) throws IOException {
        Xdr answer = call(NFS, procedure, arguments);
        int status = answer.getInt();
        if (status != 0) {
            throw new IOException("NFS procedure " + procedure + " failed: " + status);
        }
        return answer;
    }

    /// Null call: the connection works.
    public void ping() throws IOException {
        call(NFS, 0, new byte[0]);
    }

    /// The root's handle of an export.
    public byte[] mount(String path) throws IOException {
        Xdr answer = call(MOUNT, 1, new Xdr(CALL_BYTES).putOpaque(path.getBytes(StandardCharsets.UTF_8)).written());
        Check.that(answer.getInt() == 0, "mount refused");
        return answer.getOpaque();
    }

    /// Paths that are exported.
    public void exports() throws IOException {
        call(MOUNT, 5, new byte[0]);
    }

    /// Size in bytes.
    public long size(byte[] handle) throws IOException {
        return nfs(1, handle(handle)).skip(5 * Integer.BYTES).getLong();
    }

    public void setMode(byte[] handle, int mode) throws IOException {
        Xdr call = new Xdr(CALL_BYTES).putOpaque(handle);
        nfs(2, attributes(call, mode).putInt(0).written());
    }

    public byte[] lookup(byte[] directory, String name) throws IOException {
        return nfs(3, named(directory, name).written()).getOpaque();
    }

    public void access(byte[] handle) throws IOException {
        nfs(4, new Xdr(CALL_BYTES).putOpaque(handle).putInt(0x3F).written());
    }

    public byte[] readLink(byte[] handle) throws IOException {
        return skipAttributes(nfs(5, handle(handle))).getOpaque();
    }

    private static byte[] reading(byte[] handle, long offset, int count) {
        return new Xdr(CALL_BYTES).putOpaque(handle).putLong(offset).putInt(count).written();
    }

    /// Asks for a read whose reply is never taken: the connection is of no use afterwards but for more of these.
    public void readAndLeave(byte[] handle, long offset, int count) throws IOException {
        send(NFS, 6, reading(handle, offset, count));
        xid++;
    }

    public byte[] read(byte[] handle, long offset, int count) throws IOException {
        Xdr answer = nfs(6, reading(handle, offset, count));
        return skipAttributes(answer).skip(2 * Integer.BYTES).getOpaque();
    }

    /// Writes; returns the write verifier.
    ///
    /// @param stable 0 unstable, 1 data, 2 file
    public long write(byte[] handle, long offset, byte[] data, int stable) throws IOException {
        Xdr call = new Xdr(CALL_BYTES + data.length).putOpaque(handle).putLong(offset).putInt(data.length)
                .putInt(stable).putOpaque(data);
        return skipWcc(nfs(7, call.written())).skip(2 * Integer.BYTES).getLong();
    }

    /// A regular file that must not exist; its handle.
    public byte[] create(byte[] directory, String name) throws IOException {
        return made(nfs(8, attributes(named(directory, name).putInt(1), 0644).written()));
    }

    public byte[] makeDirectory(byte[] directory, String name) throws IOException {
        return made(nfs(9, attributes(named(directory, name), 0755).written()));
    }

    public byte[] symbolicLink(byte[] directory, String name, String target) throws IOException {
        Xdr call = attributes(named(directory, name), 0777).putOpaque(target.getBytes(StandardCharsets.UTF_8));
        return made(nfs(10, call.written()));
    }

    public void remove(byte[] directory, String name) throws IOException {
        nfs(12, named(directory, name).written());
    }

    public void removeDirectory(byte[] directory, String name) throws IOException {
        nfs(13, named(directory, name).written());
    }

    public void rename(byte[] from, String name, byte[] to, String newName) throws IOException {
        nfs(14, named(from, name).putOpaque(to).putOpaque(newName.getBytes(StandardCharsets.UTF_8)).written());
    }

    public void link(byte[] file, byte[] directory, String name) throws IOException {
        nfs(15, new Xdr(CALL_BYTES).putOpaque(file).putOpaque(directory)
                .putOpaque(name.getBytes(StandardCharsets.UTF_8)).written());
    }

    /// All names but "." and "..".
    public List<String> list(byte[] directory) throws IOException {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        long verifier = 0;
        boolean end = false;
        while (!end) {
            Xdr answer = skipAttributes(nfs(16, new Xdr(CALL_BYTES).putOpaque(directory).putLong(cookie)
                    .putLong(verifier).putInt(8_192).written()));
            verifier = answer.getLong();
            while (answer.getInt() == 1) {
                answer.getLong();
                addName(names, answer.getOpaque());
                cookie = answer.getLong();
            }
            end = answer.getInt() == 1;
        }
        return names;
    }

    /// The same with attributes and handles.
    public List<String> listWithAttributes(byte[] directory) throws IOException {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        long verifier = 0;
        boolean end = false;
        while (!end) {
            Xdr answer = skipAttributes(nfs(17, new Xdr(CALL_BYTES).putOpaque(directory).putLong(cookie)
                    .putLong(verifier).putInt(4_096).putInt(32_768).written()));
            verifier = answer.getLong();
            while (answer.getInt() == 1) {
                answer.getLong();
                addName(names, answer.getOpaque());
                cookie = answer.getLong();
                skipAttributes(answer);
                if (answer.getInt() == 1) {
                    answer.getOpaque();
                }
            }
            end = answer.getInt() == 1;
        }
        return names;
    }

    private static void addName(List<String> names, byte[] bytes) {
        String name = new String(bytes, StandardCharsets.UTF_8);
        if (!name.equals(".") && !name.equals("..")) {
            names.add(name);
        }
    }

    /// FSSTAT, FSINFO and PATHCONF.
    public void statistics(byte[] handle) throws IOException {
        nfs(18, handle(handle));
        nfs(19, handle(handle));
        nfs(20, handle(handle));
    }

    /// Returns the write verifier.
    public long commit(byte[] handle) throws IOException {
        return skipWcc(nfs(21, new Xdr(CALL_BYTES).putOpaque(handle).putLong(0).putInt(0).written())).getLong();
    }

    private static byte[] handle(byte[] handle) {
        return new Xdr(CALL_BYTES).putOpaque(handle).written();
    }

    private static Xdr named(byte[] directory, String name) {
        return new Xdr(CALL_BYTES).putOpaque(directory).putOpaque(name.getBytes(StandardCharsets.UTF_8));
    }

    /// Sets the mode and nothing else.
    private static Xdr attributes(Xdr call, int mode) {
        return call.putInt(1).putInt(mode).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0);
    }

    private static byte[] made(Xdr answer) {
        Check.that(answer.getInt() == 1, "a made object has a handle");
        return answer.getOpaque();
    }

    private static Xdr skipAttributes(Xdr answer) {
        return answer.getInt() == 1 ? answer.skip(ATTRIBUTES_BYTES) : answer;
    }

    private static Xdr skipWcc(Xdr answer) {
        if (answer.getInt() == 1) {
            answer.skip(3 * Long.BYTES);
        }
        return skipAttributes(answer);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
