package hearth.acceptance;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// All that a client can see of a small directory: names, handles, attributes with times, contents, links.
///
/// @param exact by path, everything but the space that is used
/// @param shape by path, what is the same in every run: no times, no handles, no numbers of objects
record Snapshot(Map<String, String> exact, Map<String, String> shape) {
    private static final int ATTRIBUTES_SIZE = 84;
    private static final int USED_OFFSET = 28;
    private static final int GETATTR = 1;
    private static final int READLINK = 5;
    private static final int READ = 6;
    private static final int READDIRPLUS = 17;
    private static final int REGULAR = 1;
    private static final int DIRECTORY = 2;
    private static final int LINK = 5;
    private static final int READ_BYTES = 64 * 1024;
    /// Looks are not repeated, so they may share a number.
    private static final int XID = 2;

    static Snapshot of(RepeatingClient client, byte[] directory) {
        var snapshot = new Snapshot(new TreeMap<>(), new TreeMap<>());
        ByteBuffer in = nfs(client, GETATTR, new Xdr().opaque(directory));
        snapshot.add(client, ".", directory, Xdr.raw(in, ATTRIBUTES_SIZE));
        snapshot.list(client, "", directory);
        return snapshot;
    }

    private static ByteBuffer nfs(RepeatingClient client, int procedure, Xdr arguments) {
        ByteBuffer in = RepeatingClient.results(
                client.call(RepeatingClient.message(XID, RepeatingClient.NFS, procedure, arguments)));
        int status = in.getInt();
        if (status != 0) {
            throw new AssertionError("procedure " + procedure + " failed with " + status);
        }
        return in;
    }

    private void list(RepeatingClient client, String path, byte[] directory) {
        long cookie = 0;
        long verifier = 0;
        boolean end = false;
        while (!end) {
            ByteBuffer in = nfs(client, READDIRPLUS,
                    new Xdr().opaque(directory).l(cookie).l(verifier).i(READ_BYTES).i(READ_BYTES));
            skipAttributes(in);
            verifier = in.getLong();
            while (in.getInt() == 1) {
                in.getLong();
                String name = new String(Xdr.opaque(in), java.nio.charset.StandardCharsets.UTF_8);
                cookie = in.getLong();
                byte[] attributes = in.getInt() == 1 ? Xdr.raw(in, ATTRIBUTES_SIZE) : new byte[0];
                byte[] handle = in.getInt() == 1 ? Xdr.opaque(in) : new byte[0];
                if (!name.equals(".") && !name.equals("..")) {
                    add(client, path + name, handle, attributes);
                    if (type(attributes) == DIRECTORY) {
                        list(client, path + name + '/', handle);
                    }
                }
            }
            end = in.getInt() == 1;
        }
    }

    private static int type(byte[] attributes) {
        return ByteBuffer.wrap(attributes).getInt();
    }

    private static void skipAttributes(ByteBuffer in) {
        if (in.getInt() == 1) {
            in.position(in.position() + ATTRIBUTES_SIZE);
        }
    }

    private void add(RepeatingClient client, String path, byte[] handle, byte[] attributes) {
        String content = switch (type(attributes)) {
            case REGULAR -> read(client, handle);
            case LINK -> {
                ByteBuffer in = nfs(client, READLINK, new Xdr().opaque(handle));
                skipAttributes(in);
                yield HexFormat.of().formatHex(Xdr.opaque(in));
            }
            default -> "";
        };
        // The space that it uses may change with a consistency point.
        Arrays.fill(attributes, USED_OFFSET, USED_OFFSET + Long.BYTES, (byte) 0);
        exact.put(path, HexFormat.of().formatHex(attributes) + ' ' + HexFormat.of().formatHex(handle) + ' ' + content);
        // Type, mode, links, owner, group, size.
        shape.put(path, HexFormat.of().formatHex(Arrays.copyOf(attributes, USED_OFFSET)) + ' ' + content);
    }

    private static String read(RepeatingClient client, byte[] handle) {
        ByteBuffer in = nfs(client, READ, new Xdr().opaque(handle).l(0).i(READ_BYTES));
        skipAttributes(in);
        in.getLong();
        byte[] bytes = Xdr.opaque(in);
        return bytes.length + "#" + Arrays.hashCode(bytes);
    }
}
