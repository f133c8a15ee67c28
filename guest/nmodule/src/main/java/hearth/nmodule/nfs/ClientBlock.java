package hearth.nmodule.nfs;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/// A block of client addresses, "192.168.1.0/24" or "fd00::/8"; an address without a length is itself alone. IPv4
/// addresses mapped into IPv6 are IPv4 addresses everywhere.
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ClientBlock(byte[] network, int prefixBits) {
    private static final int MAPPED_BITS = 96;

    /// Empty when the text is no such block: it then matches nobody.
    static Optional<ClientBlock> parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        byte[] network;
        try {
            network = InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int bits = network.length * Byte.SIZE;
        int prefix = bits;
        if (slash >= 0) {
            String digits = text.substring(slash + 1);
            if (!digits.matches("\\d{1,3}")) {
                return Optional.empty();
            }
            prefix = Integer.parseInt(digits);
            if (literal.indexOf(':') >= 0 && network.length == 4) {
                prefix -= MAPPED_BITS;
            }
        }
        return prefix < 0 || prefix > bits ? Optional.empty() : Optional.of(new ClientBlock(network, prefix));
    }

    /// The address as it is compared and passed on: a mapped one becomes its 4 bytes.
    static byte[] normalized(byte[] address) {
        if (address.length != 16 || address[10] != -1 || address[11] != -1) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, 12, 16);
    }

    /// Whether a normalized address lies in the block.
    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = prefixBits / Byte.SIZE;
        if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = prefixBits % Byte.SIZE;
        return rest == 0 || ((address[whole] ^ network[whole]) & 0xFF) >> (Byte.SIZE - rest) == 0;
    }
}
