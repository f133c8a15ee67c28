package hearth.acceptance;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Calls of NFS version 3 whose answers show what libnfs does not: write verifiers. One thread.
final class RawNfs implements AutoCloseable {
    private static final int ATTRIBUTES_BYTES = 84;
    private static final int WCC_BEFORE_BYTES = 24;

    private final RepeatingClient client;
    // No earlier client's, or its answers would be given.
    private int xid = (int) System.nanoTime();

    RawNfs(Host host) {
        client = new RepeatingClient(MortalHost.portOf(host));
    }

    private ByteBuffer results(int procedure, Xdr arguments) throws IOException {
        byte[] message = RepeatingClient.message(++xid, RepeatingClient.NFS, procedure, arguments);
        ByteBuffer results = RepeatingClient.results(client.call(message));
        int status = results.getInt();
        if (status != Nfs.OK) {
            throw new IOException("status " + status);
        }
        return results;
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

    /// The root's handle of an export.
    byte[] mount(String path) {
        return client.mount(path);
    }

    /// Makes a file that must not exist; its handle.
    byte[] create(byte[] directory, String name) throws IOException {
        return Nfs.made(results(Nfs.CREATE,
                Nfs.named(directory, name).i(Nfs.GUARDED).raw(Nfs.attributes(0644))));
    }

    /// Writes without asking for stability; the write verifier.
    long write(byte[] file, long offset, byte[] data) throws IOException {
        ByteBuffer answer = results(Nfs.WRITE, Nfs.write(file, offset, data, Nfs.UNSTABLE));
        skipWcc(answer);
        return answer.getLong(answer.position() + 2 * Integer.BYTES);
    }

    byte[] read(byte[] file, long offset, int count) throws IOException {
        ByteBuffer answer = results(Nfs.READ, new Xdr().opaque(file).l(offset).i(count));
        skipAttributes(answer);
        skip(answer, 2 * Integer.BYTES);
        return Xdr.opaque(answer);
    }

    /// The write verifier.
    long commit(byte[] file) throws IOException {
        ByteBuffer answer = results(Nfs.COMMIT, new Xdr().opaque(file).l(0).i(0));
        skipWcc(answer);
        return answer.getLong();
    }

    @Override
    public void close() {
        client.close();
    }
}
