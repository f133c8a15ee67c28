package hearth.domain0.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The part of the file that an aggregate takes over when it is formatted: volumes and their exports.
final class ExportReader {
    private ExportReader() {}

    static List<VolumeConfig> volumes(YamlMap controller) {
        if (!controller.has("volumes")) {
            return List.of(new VolumeConfig("vol0"));
        }
        var volumes = new ArrayList<VolumeConfig>();
        int count = controller.each("volumes", Set.of("name", "size"), (map, _) -> {
            var volume = new VolumeConfig(ConfigReader.name(map, "name"), size(map));
            if (named(volumes, volume.name())) {
                throw map.wrong("name", "is '" + volume.name() + "', which another volume has");
            }
            volumes.add(volume);
        });
        if (count == 0 || count > VolumeRules.VOLUMES_MAX) {
            controller.complain("volumes", "lists " + count + "; allowed: 1 to " + VolumeRules.VOLUMES_MAX);
        }
        return volumes;
    }

    private static boolean named(List<VolumeConfig> volumes, String name) {
        return volumes.stream().anyMatch(volume -> volume.name().equals(name));
    }

    private static long size(YamlMap map) throws ConfigException {
        Optional<String> text = map.text("size");
        return text.isEmpty() ? 0 : VolumeRules.size(text.get())
                .orElseThrow(() -> map.wrong("size", VolumeRules.sizeComplaint(text.get())));
    }

    private static void require(YamlMap map, String key, Optional<String> complaint) throws ConfigException {
        if (complaint.isPresent()) {
            throw map.wrong(key, complaint.get());
        }
    }

    static List<ExportConfig> exports(YamlMap controller, List<VolumeConfig> volumes) {
        if (!controller.has("exports")) {
            return volumes.stream().map(HostConfig::defaultExport).toList();
        }
        var exports = new ArrayList<ExportConfig>();
        var paths = new HashSet<String>();
        var exported = new HashSet<String>();
        Set<String> keys = Set.of("path", "volume", "access", "clients", "squash");
        int count = controller.each("exports", keys, (map, _) -> {
            String volume = map.text("volume").orElseThrow(() -> map.wrong("volume", "is missing"));
            if (!named(volumes, volume)) {
                String known = String.join(", ", volumes.stream().map(VolumeConfig::name).toList());
                throw map.wrong("volume", "is '" + volume + "'; the controller has: " + known);
            }
            String path = map.text("path").orElse("/" + volume);
            if (!exported.add(volume)) {
                throw map.wrong("volume", "is '" + volume + "', which another export has; a volume has one export");
            }
            require(map, "path", VolumeRules.path(path, "/" + volume));
            if (!paths.add(path)) {
                throw map.wrong("path", "is '" + path + "', which another export has");
            }
            exports.add(new ExportConfig(
                    path,
                    volume,
                    choice(map, "access", ExportConfig.Access.class, ExportConfig.Access.RW),
                    clients(map),
                    choice(map, "squash", ExportConfig.Squash.class, ExportConfig.Squash.ROOT)));
        });
        if (count == 0) {
            controller.complain("exports", "lists none; leave it out to export every volume to this machine");
        }
        return exports;
    }

    private static List<String> clients(YamlMap map) throws ConfigException {
        List<String> clients = map.texts("clients");
        require(map, "clients", VolumeRules.clients(clients));
        return clients;
    }

    private static <E extends Enum<E>> E choice(YamlMap map, String key, Class<E> type, E otherwise)
            throws ConfigException {
        Optional<String> text = map.text(key);
        return text.isEmpty() ? otherwise : VolumeRules.choice(type, text.get())
                .orElseThrow(() -> map.wrong(key, VolumeRules.choiceComplaint(type, text.get())));
    }
}
