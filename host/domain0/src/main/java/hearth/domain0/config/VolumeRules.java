package hearth.domain0.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

import hearth.base.Units;

/// What names, sizes and exports of volumes may be, wherever they come from: the file or a call. Each rule answers with
/// what is wrong, as the rest of a sentence that begins with the key, and what is allowed.
public final class VolumeRules {
    static final int VOLUMES_MAX = 64;
    static final long SIZE_MIN = Units.MIB;
    static final long SIZE_MAX = 1L << 50;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");
    // What every client can type and every mount table shows as it is.
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final int CLIENTS_MAX = 64;
    // What a volume on the disks has room for.
    private static final int PATH_MAX = 63;
    private static final int CLIENTS_CHARACTERS_MAX = 191;

    private VolumeRules() {}

    public static Optional<String> name(String name) {
        return NAME.matcher(name).matches() ? Optional.empty() : Optional.of(
                "is '" + name + "'; it must be a lower-case letter and up to 30 of a-z, 0-9 and -");
    }

    /// @param example a path that would do
    public static Optional<String> path(String path, String example) {
        if (!PATH.matcher(path).matches()) {
            return Optional.of("is '" + path + "'; it must be absolute and plain, such as " + example);
        }
        return path.length() <= PATH_MAX ? Optional.empty()
                : Optional.of("has " + path.length() + " characters; allowed: up to " + PATH_MAX);
    }

    /// Never empty: an export for everybody says so.
    public static Optional<String> clients(List<String> clients) {
        if (clients.isEmpty() || clients.size() > CLIENTS_MAX) {
            return Optional.of((clients.isEmpty() ? "is missing" : "lists " + clients.size())
                    + "; list 1 to " + CLIENTS_MAX + " blocks of addresses, such as [192.168.1.0/24];"
                    + " everybody is [0.0.0.0/0, '::/0']");
        }
        for (String client : clients) {
            Optional<String> complaint = Cidr.complaint(client);
            if (complaint.isPresent()) {
                return Optional.of("has '" + client + "'; " + complaint.get());
            }
        }
        int characters = String.join(",", clients).length();
        return characters <= CLIENTS_CHARACTERS_MAX ? Optional.empty() : Optional.of("has " + characters
                + " characters with commas between; allowed: up to " + CLIENTS_CHARACTERS_MAX);
    }

    /// The size in bytes, in whole blocks; empty when it is none. `none` is 0, no limit.
    public static OptionalLong size(String text) {
        if (text.equals("none")) {
            return OptionalLong.of(0);
        }
        OptionalLong bytes = Sizes.parse(text);
        if (bytes.isEmpty() || bytes.getAsLong() < SIZE_MIN || bytes.getAsLong() > SIZE_MAX) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Units.roundUp(bytes.getAsLong(), Units.BLOCK_SIZE));
    }

    /// What `size` says of one that is none.
    public static String sizeComplaint(String text) {
        return "is '" + text + "'; it must be from 1 MiB to 1024 TiB, such as 10GiB, or none for no limit";
    }

    /// One of an enum's values in lower case.
    public static <E extends Enum<E>> Optional<E> choice(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants()).filter(value -> word(value).equals(text)).findFirst();
    }

    /// What is wrong with a word that `choice` does not know.
    public static <E extends Enum<E>> String choiceComplaint(Class<E> type, String text) {
        return "is '" + text + "'; allowed: "
                + String.join(", ", Arrays.stream(type.getEnumConstants()).map(VolumeRules::word).toList());
    }

    /// The word for a value.
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
