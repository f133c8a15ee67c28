package hearth.domain0.domain;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.domain0.config.ExportConfig;

/// What clients type to reach a domain's exports at its listeners.
final class NfsAddresses {
    private static final int GROUPS = 8;
    private static final int HEX = 16;

    private NfsAddresses() {}

    /// `address:port`, an address of version 6 in brackets.
    static List<String> listen(List<InetSocketAddress> listeners) {
        return listeners.stream()
                .map(one -> text(one.getAddress()) + ":" + one.getPort())
                .toList();
    }

    /// For libnfs, which asks no portmapper when the URL has the ports.
    static List<String> urls(List<InetSocketAddress> listeners, List<ExportConfig> exports) {
        List<String> urls = new ArrayList<>();
        for (InetSocketAddress one : listeners) {
            for (ExportConfig export : exports) {
                urls.add("nfs://" + text(reachable(one.getAddress())) + export.path() + "?nfsport=" + one.getPort()
                        + "&mountport=" + one.getPort());
            }
        }
        return urls;
    }

    /// For the kernel's client: its version 3 wants to be told that there is no lock manager.
    static List<String> mounts(List<InetSocketAddress> listeners, List<ExportConfig> exports) {
        List<String> mounts = new ArrayList<>();
        for (InetSocketAddress one : listeners) {
            InetAddress address = reachable(one.getAddress());
            String transport = address instanceof Inet6Address ? "proto=tcp6" : "tcp";
            for (ExportConfig export : exports) {
                mounts.add("mount -t nfs -o vers=3," + transport + ",nolock,port=" + one.getPort() + ",mountport="
                        + one.getPort() + " " + text(address) + ":" + export.path() + " /mnt");
            }
        }
        return mounts;
    }

    /// An address that others can use: a listener on all of them says none.
    private static InetAddress reachable(InetAddress address) {
        return address.isAnyLocalAddress() ? own(address instanceof Inet6Address).orElse(address) : address;
    }

    private static Optional<InetAddress> own(boolean version6) {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(NfsAddresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(one -> one instanceof Inet6Address == version6 && !one.isLinkLocalAddress())
                    // The others' first; loopback where there is nothing else.
                    .min((a, b) -> Boolean.compare(a.isLoopbackAddress(), b.isLoopbackAddress()));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static boolean isUp(NetworkInterface one) {
        try {
            return one.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    /// As people write it; the longest row of zeros of version 6 is left out (RFC 5952).
    static String text(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF;
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = 0;
            while (i + zeros < GROUPS && groups[i + zeros] == 0) {
                zeros++;
            }
            if (zeros > length) {
                start = i;
                length = zeros;
            }
        }
        var text = new StringBuilder("[");
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.length() > 1 && text.charAt(text.length() - 1) != ':' ? ":" : "");
                text.append(Integer.toString(groups[i], HEX));
            }
        }
        return text.append(']').toString();
    }
}
