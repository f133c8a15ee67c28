package hearth.domain0.config;

import java.net.InetAddress;
import java.util.Optional;

/// Addresses and blocks of addresses as people write them. Literals only: a name could mean another machine tomorrow.
final class Cidr {
    private static final int BITS_PER_BYTE = 8;

    private Cidr() {}

    static Optional<InetAddress> address(String text) {
        // The JDK also takes 127.1 and 0x7f000001, which nobody means.
        boolean plain = text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3;
        try {
            return plain && text.indexOf('%') < 0 ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// What is wrong with a block such as `192.168.1.0/24`; a single address needs no length.
    static Optional<String> complaint(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = address(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.of("write addresses as 192.168.1.0/24 or fd00::/64");
        }
        if (slash < 0) {
            return Optional.empty();
        }
        byte[] bytes = address.get().getAddress();
        int bits = bytes.length * BITS_PER_BYTE;
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
            return Optional.of("the length after / goes from 0 to " + bits);
        }
        for (int bit = Integer.parseInt(length); bit < bits; bit++) {
            if ((bytes[bit / BITS_PER_BYTE] >> (BITS_PER_BYTE - 1 - bit % BITS_PER_BYTE) & 1) != 0) {
                return Optional.of("it has bits set after the first " + length);
            }
        }
        return Optional.empty();
    }
}
