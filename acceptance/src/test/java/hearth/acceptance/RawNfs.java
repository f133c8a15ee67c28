package hearth.acceptance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Calls of NFS version 3 whose answers show what libnfs does not: write verifiers, and a listing's pieces one by one.
/// One thread.
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

    /// Makes a directory that must not exist; its handle.
    byte[] makeDirectory(byte[] directory, String name) throws IOException {
        return Nfs.made(results(Nfs.MKDIR, Nfs.named(directory, name).raw(Nfs.attributes(0755))));
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

    /// One piece of a directory's listing.
    ///
    /// @param verifier what the next call says
    /// @param cookie where the next call begins
    record Listing(List<String> names, long verifier, long cookie, boolean end) {}

    /// The first piece, of about so many bytes.
    Listing list(byte[] directory, boolean plus, int bytes) throws IOException {
        return list(directory, plus, bytes, new Listing(List.of(), 0, 0, false));
    }

    /// The piece behind `before`.
    Listing list(byte[] directory, boolean plus, int bytes, Listing before) throws IOException {
        var arguments = new Xdr().opaque(directory).l(before.cookie()).l(before.verifier()).i(bytes);
        ByteBuffer answer = results(plus ? Nfs.READDIRPLUS : Nfs.READDIR, plus ? arguments.i(bytes) : arguments);
        skipAttributes(answer);
        long verifier = answer.getLong();
        long cookie = before.cookie();
        var names = new ArrayList<String>();
        while (answer.getInt() == 1) {
            skip(answer, Long.BYTES);
            names.add(new String(Xdr.opaque(answer), StandardCharsets.UTF_8));
            cookie = answer.getLong();
            if (plus) {
                skipAttributes(answer);
                if (answer.getInt() == 1) {
                    Xdr.opaque(answer);
                }
            }
        }
        return new Listing(names, verifier, cookie, answer.getInt() == 1);
    }

    @Override
    public void close() {
        client.close();
    }
}
