package hearth.nmodule.nfs;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

import hearth.nmodule.rpc.XdrWriter;

/// Who has mounted what, for DUMP: advice for an administrator, as in every NFS server. Bounded; the oldest is
/// forgotten first, and everything with the guest. Any thread.
final class MountTable {
    /// Room that is kept while a list is written: marks, a length, padding.
    static final int LIST_TAIL_BYTES = 32;

    private static final int MOUNTS_MAX = 512;

    private final Set<Mount> mounts = new LinkedHashSet<>();

    private record Mount(String client, String path) {
        // Written out, as the ones that a record gets by itself make classes when they are first called.
        @Override
        public boolean equals(Object other) {
            return other instanceof Mount mount && client.equals(mount.client) && path.equals(mount.path);
        }

        @Override
        public int hashCode() {
            return client.hashCode() * 31 + path.hashCode();
        }
    }

    synchronized void add(byte[] clientAddress, String path) {
        mounts.add(new Mount(text(clientAddress), path));
        if (mounts.size() > MOUNTS_MAX) {
            mounts.remove(mounts.iterator().next());
        }
    }

    synchronized void remove(byte[] clientAddress, String path) {
        mounts.remove(new Mount(text(clientAddress), path));
    }

    synchronized void removeAll(byte[] clientAddress) {
        String client = text(clientAddress);
        mounts.removeIf(mount -> mount.client().equals(client));
    }

    /// Writes the list, as much of it as fits.
    synchronized void write(XdrWriter results) {
        for (Mount mount : mounts) {
            byte[] client = mount.client().getBytes(StandardCharsets.ISO_8859_1);
            byte[] path = mount.path().getBytes(StandardCharsets.ISO_8859_1);
            if (results.remaining() < client.length + path.length + LIST_TAIL_BYTES) {
                break;
            }
            results.bool(true).opaque(client).opaque(path);
        }
        results.bool(false);
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            return "?";
        }
    }
}
