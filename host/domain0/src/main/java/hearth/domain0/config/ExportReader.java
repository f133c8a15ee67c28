package hearth.domain0.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The part of the file that an aggregate takes over when it is formatted: volumes and their exports.
final class ExportReader {
    // What every client can type and every mount table shows as it is.
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final int VOLUMES_MAX = 64;
    private static final int CLIENTS_MAX = 64;
    // What a volume on the disks has room for.
    private static final int PATH_MAX = 63;
    private static final int CLIENTS_CHARACTERS_MAX = 191;

    private ExportReader() {}

    static List<VolumeConfig> volumes(YamlMap controller) throws ConfigException {
        if (!controller.has("volumes")) {
            return List.of(new VolumeConfig("vol0"));
        }
        var volumes = new ArrayList<VolumeConfig>();
        for (YamlMap map : controller.maps("volumes", Set.of("name"))) {
            var volume = new VolumeConfig(ConfigReader.name(map, "name"));
            if (volumes.contains(volume)) {
                throw map.wrong("name", "is '" + volume.name() + "', which another volume has");
            }
            volumes.add(volume);
        }
        if (volumes.isEmpty() || volumes.size() > VOLUMES_MAX) {
            throw controller.wrong("volumes", "lists " + volumes.size() + "; allowed: 1 to " + VOLUMES_MAX);
        }
        return volumes;
    }

    static List<ExportConfig> exports(YamlMap controller, List<VolumeConfig> volumes) throws ConfigException {
        if (!controller.has("exports")) {
            return volumes.stream().map(HostConfig::defaultExport).toList();
        }
        var exports = new ArrayList<ExportConfig>();
        var paths = new HashSet<String>();
        var exported = new HashSet<String>();
        for (YamlMap map : controller.maps("exports", Set.of("path", "volume", "access", "clients", "squash"))) {
            String volume = map.text("volume").orElseThrow(() -> map.wrong("volume", "is missing"));
            if (!volumes.contains(new VolumeConfig(volume))) {
                String known = String.join(", ", volumes.stream().map(VolumeConfig::name).toList());
                throw map.wrong("volume", "is '" + volume + "'; the controller has: " + known);
            }
            String path = map.text("path").orElse("/" + volume);
            if (!exported.add(volume)) {
                throw map.wrong("volume", "is '" + volume + "', which another export has; a volume has one export");
            }
            if (!PATH.matcher(path).matches()) {
                throw map.wrong("path", "is '" + path + "'; it must be absolute and plain, such as /" + volume);
            }
            if (path.length() > PATH_MAX) {
                throw map.wrong("path", "has " + path.length() + " characters; allowed: up to " + PATH_MAX);
            }
            if (!paths.add(path)) {
                throw map.wrong("path", "is '" + path + "', which another export has");
            }
            exports.add(new ExportConfig(
                    path,
                    volume,
                    choice(map, "access", ExportConfig.Access.class, ExportConfig.Access.RW),
                    clients(map),
                    choice(map, "squash", ExportConfig.Squash.class, ExportConfig.Squash.ROOT)));
        }
        if (exports.isEmpty()) {
            throw controller.wrong("exports", "lists none; leave it out to export every volume to this machine");
        }
        return exports;
    }

    /// Never empty: an export for everybody says so.
    private static List<String> clients(YamlMap map) throws ConfigException {
        List<String> clients = map.texts("clients");
        if (clients.isEmpty() || clients.size() > CLIENTS_MAX) {
            throw map.wrong("clients", (clients.isEmpty() ? "is missing" : "lists " + clients.size())
                    + "; list 1 to " + CLIENTS_MAX + " blocks of addresses, such as [192.168.1.0/24];"
                    + " everybody is [0.0.0.0/0, '::/0']");
        }
        for (String client : clients) {
            Optional<String> complaint = Cidr.complaint(client);
            if (complaint.isPresent()) {
                throw map.wrong("clients", "has '" + client + "'; " + complaint.get());
            }
        }
        int characters = String.join(",", clients).length();
        if (characters > CLIENTS_CHARACTERS_MAX) {
            throw map.wrong("clients", "has " + characters + " characters with commas between; allowed: up to "
                    + CLIENTS_CHARACTERS_MAX);
        }
        return clients;
    }

    private static <E extends Enum<E>> E choice(YamlMap map, String key, Class<E> type, E otherwise)
            throws ConfigException {
        Optional<String> text = map.text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        var allowed = new ArrayList<String>();
        for (E value : type.getEnumConstants()) {
            String name = value.name().toLowerCase(Locale.ROOT);
            if (name.equals(text.get())) {
                return value;
            }
            allowed.add(name);
        }
        throw map.wrong(key, "is '" + text.get() + "'; allowed: " + String.join(", ", allowed));
    }
}
