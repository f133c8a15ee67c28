package hearth.domain0.config;

import hearth.base.Units;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Reads the YAML file into records. Every complaint is one line with file, line, key, value and what is allowed.
public final class ConfigReader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");
    private static final Pattern CIDR = Pattern.compile("[0-9a-fA-F.:]{2,45}(/[0-9]{1,3})?");
    private static final int DISKS_MAX = 2;

    private final String file;
    private final Path base;
    private final Path dataDirectory;

    private ConfigReader(Path file, Path dataDirectory) {
        this.file = file.toString();
        this.base = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
        this.dataDirectory = dataDirectory;
    }

    /// Reads `file`; paths in it are relative to its folder.
    public static HostConfig read(Path file, Path dataDirectory) throws ConfigException {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage());
        }
        return new ConfigReader(file, dataDirectory).parse(text);
    }

    private HostConfig parse(String text) throws ConfigException {
        Optional<Node> root;
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
            root = new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text))).getSingleNode();
        } catch (YamlEngineException e) {
            throw new ConfigException(file + ": no YAML: " + String.valueOf(e.getMessage()).replace('\n', ' '));
        }
        if (root.isEmpty()) {
            throw new ConfigException(file + ": is empty; leave it out to run the default controller");
        }
        var map = new YamlMap(file, "", root.get(), Set.of("controllers", "api-port"));
        var controllers = new ArrayList<ControllerConfig>();
        var names = new HashSet<String>();
        for (YamlMap one : map.maps(
                "controllers",
                Set.of("name", "disks", "volumes", "exports", "listen", "memory", "journal", "restart", "guest"))) {
            ControllerConfig controller = controller(one);
            if (!names.add(controller.name())) {
                throw one.wrong("name", "is '" + controller.name() + "', which another controller has");
            }
            controllers.add(controller);
        }
        if (controllers.isEmpty()) {
            throw map.wrong("controllers", "must list at least one controller");
        }
        return new HostConfig(controllers, (int) map.number("api-port", 0, 0, 65_535));
    }

    private ControllerConfig controller(YamlMap map) throws ConfigException {
        String name = name(map, "name");
        MemoryConfig memory = memory(map);
        List<DiskConfig> disks = disks(map, name);
        List<VolumeConfig> volumes = volumes(map);
        return new ControllerConfig(
                name,
                disks,
                volumes,
                exports(map, volumes),
                listen(map),
                memory,
                journal(map, name, memory),
                restart(map),
                guest(map));
    }

    private static String name(YamlMap map, String key) throws ConfigException {
        String name = map.text(key).orElseThrow(() -> map.wrong(key, "is missing"));
        if (!NAME.matcher(name).matches()) {
            throw map.wrong(key, "is '" + name + "'; it must be a lower-case letter and up to 30 of a-z, 0-9 and -");
        }
        return name;
    }

    private static MemoryConfig memory(YamlMap controller) throws ConfigException {
        Optional<YamlMap> map = controller.map("memory", Set.of("cache", "log", "huge-pages"));
        if (map.isEmpty()) {
            return MemoryConfig.DEFAULT;
        }
        long cache = map.get().size("cache", MemoryConfig.DEFAULT.cacheBytes(), 16L * Units.MIB, 64 * Units.GIB);
        long log = map.get().size("log", MemoryConfig.DEFAULT.logHalfBytes(), 8L * Units.MIB, Units.GIB);
        return new MemoryConfig(
                Units.roundUp(cache, Units.HUGE_PAGE_SIZE),
                Units.roundUp(log, Units.HUGE_PAGE_SIZE),
                map.get().flag("huge-pages", true));
    }

    private List<DiskConfig> disks(YamlMap controller, String name) throws ConfigException {
        var disks = new ArrayList<DiskConfig>();
        var files = new HashSet<Path>();
        for (YamlMap map : controller.maps("disks", Set.of("name", "file", "size"))) {
            String disk = map.has("name") ? name(map, "name") : "disk" + disks.size();
            Path path = map.text("file")
                    .map(text -> base.resolve(text).normalize())
                    .orElse(dataDirectory.resolve("disks").resolve(name + "-" + disk + ".img"));
            if (!files.add(path)) {
                throw map.wrong("file", "is " + path + ", which another disk has");
            }
            long size = map.size("size", Units.GIB, 64L * Units.MIB, 16L << 40);
            disks.add(new DiskConfig(disk, path, size & -Units.BLOCK_SIZE));
        }
        if (disks.size() != DISKS_MAX) {
            throw controller.wrong("disks", "lists " + disks.size() + "; a mirror has two");
        }
        return disks;
    }

    private static List<VolumeConfig> volumes(YamlMap controller) throws ConfigException {
        var volumes = new ArrayList<VolumeConfig>();
        for (YamlMap map : controller.maps("volumes", Set.of("name"))) {
            var volume = new VolumeConfig(name(map, "name"));
            if (volumes.contains(volume)) {
                throw map.wrong("name", "is '" + volume.name() + "', which another volume has");
            }
            volumes.add(volume);
        }
        if (volumes.isEmpty()) {
            throw controller.wrong("volumes", "must list at least one volume");
        }
        return volumes;
    }

    private static List<ExportConfig> exports(YamlMap controller, List<VolumeConfig> volumes) throws ConfigException {
        var exports = new ArrayList<ExportConfig>();
        for (YamlMap map : controller.maps("exports", Set.of("path", "volume", "access", "clients", "squash"))) {
            String volume = map.text("volume").orElseThrow(() -> map.wrong("volume", "is missing"));
            if (!volumes.contains(new VolumeConfig(volume))) {
                throw map.wrong("volume", "is '" + volume + "'; the controller has no such volume");
            }
            String path = map.text("path").orElse("/" + volume);
            if (!path.startsWith("/") || path.length() < 2 || path.length() > 255) {
                throw map.wrong("path", "is '" + path + "'; it must be absolute, such as /" + volume);
            }
            for (ExportConfig other : exports) {
                if (other.path().equals(path)) {
                    throw map.wrong("path", "is '" + path + "', which another export has");
                }
            }
            List<String> clients = map.texts("clients");
            for (String client : clients) {
                if (!CIDR.matcher(client).matches()) {
                    throw map.wrong("clients", "has '" + client + "'; write addresses as 192.168.1.0/24 or ::1/128");
                }
            }
            exports.add(new ExportConfig(
                    path,
                    volume,
                    choice(map, "access", ExportConfig.Access.class, ExportConfig.Access.RW),
                    clients,
                    choice(map, "squash", ExportConfig.Squash.class, ExportConfig.Squash.ROOT)));
        }
        return exports;
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

    private static List<ListenConfig> listen(YamlMap controller) throws ConfigException {
        var listen = new ArrayList<ListenConfig>();
        for (YamlMap map : controller.maps("listen", Set.of("address", "port"))) {
            String address = map.text("address").orElse("127.0.0.1");
            try {
                // A literal only: a name could mean another machine tomorrow.
                address = InetAddress.ofLiteral(address).getHostAddress();
            } catch (IllegalArgumentException e) {
                throw map.wrong("address", "is '" + address + "'; it must be an IP address, such as 192.168.1.5 or ::");
            }
            listen.add(new ListenConfig(address, (int) map.number("port", 0, 0, 65_535)));
        }
        return listen.isEmpty() ? List.of(new ListenConfig("127.0.0.1", 0)) : listen;
    }

    private JournalConfig journal(YamlMap controller, String name, MemoryConfig memory) throws ConfigException {
        JournalConfig otherwise = HostConfig.defaultJournal(dataDirectory.resolve("disks"), name, memory);
        Optional<YamlMap> map = controller.map("journal", Set.of("files", "size"));
        if (map.isEmpty()) {
            return otherwise;
        }
        List<Path> files = map.get().texts("files").stream()
                .map(text -> base.resolve(text).normalize())
                .toList();
        // Less than twice the log, and it could be full while a consistency point still needs all of it.
        long size = map.get().size("size", otherwise.sizeBytes(), otherwise.sizeBytes(), 64 * Units.GIB);
        return new JournalConfig(files.isEmpty() ? otherwise.files() : files, size & -Units.BLOCK_SIZE);
    }

    private static RestartConfig restart(YamlMap controller) throws ConfigException {
        RestartConfig otherwise = RestartConfig.DEFAULT;
        Optional<YamlMap> map = controller.map(
                "restart",
                Set.of("failed-starts-max", "failed-start-ms", "failed-start-answers", "stop-timeout-ms"));
        if (map.isEmpty()) {
            return otherwise;
        }
        YamlMap m = map.get();
        return new RestartConfig(
                (int) m.number("failed-starts-max", otherwise.failedStartsMax(), 1, 100),
                m.number("failed-start-ms", otherwise.failedStartMs(), 0, 600_000),
                (int) m.number("failed-start-answers", otherwise.failedStartAnswers(), 0, 1_000_000),
                m.number("stop-timeout-ms", otherwise.stopTimeoutMs(), 1_000, 3_600_000));
    }

    private static GuestConfig guest(YamlMap controller) throws ConfigException {
        GuestConfig otherwise = GuestConfig.DEFAULT;
        Optional<YamlMap> map = controller.map("guest", Set.of("heap", "consistency-point-interval-ms"));
        if (map.isEmpty()) {
            return otherwise;
        }
        return new GuestConfig(
                map.get().size("heap", otherwise.heapBytes(), 64L * Units.MIB, 16 * Units.GIB),
                map.get().number(
                        "consistency-point-interval-ms", otherwise.consistencyPointIntervalMs(), 100, 3_600_000));
    }
}
