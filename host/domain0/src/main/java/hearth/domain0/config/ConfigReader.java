package hearth.domain0.config;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

import hearth.base.Units;
import hearth.domain0.net.PortMap;

/// Reads the YAML file into records. Every complaint is one line with file, line, key, value and what is allowed; after
/// one, the reader goes on to find the next.
public final class ConfigReader {
    private static final int CONTROLLERS_MAX = 8;
    private static final int DISKS_MAX = 2;
    private static final int JOURNALS_MAX = 4;
    private static final int LISTEN_MAX = 16;
    private static final int PORT_MAX = 65_535;

    private final Document document;
    private final Path base;
    private final Path dataDirectory;
    // Over all controllers: two that write one file would destroy each other's data.
    private final Set<Path> files = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final Set<ListenConfig> addresses = new HashSet<>();

    private ConfigReader(Path file, Path dataDirectory) {
        this.document = new Document(file.toString());
        this.base = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
        this.dataDirectory = dataDirectory;
    }

    /// Reads `file`; paths in it are relative to its folder. Throws the first complaint.
    public static HostConfig read(Path file, Path dataDirectory) throws ConfigException {
        return check(file, dataDirectory).orThrow();
    }

    /// The same with every complaint and all places. Throws when there is no file, or no YAML in it.
    public static ReadConfig check(Path file, Path dataDirectory) throws ConfigException {
        return new ConfigReader(file, dataDirectory).parse(text(file));
    }

    private static String text(Path file) throws ConfigException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": is not a text file in UTF-8");
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e);
        }
    }

    private Node root(String text) throws ConfigException {
        String file = document.file();
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
            OptionalInt tooDeep = YamlNesting.tooDeepAt(new ParserImpl(settings, new StreamReader(settings, text)));
            if (tooDeep.isPresent()) {
                throw new ConfigException(file + ":" + tooDeep.getAsInt() + ": is nested deeper than "
                        + YamlNesting.DEPTH_MAX + " levels");
            }
            return new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)))
                    .getSingleNode()
                    .orElseThrow(() -> new ConfigException(
                            file + ": is empty; leave it out to run the default controller"));
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new ConfigException(file + line + ": is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ConfigException(file + ": is no YAML: " + String.valueOf(e.getMessage()).replace('\n', ' '));
        }
    }

    private ReadConfig parse(String text) throws ConfigException {
        var map = new YamlMap(document, "", root(text), Set.of("controllers", "api-port", "logs"));
        int apiPort = (int) map.number("api-port", 0, 0, PORT_MAX);
        LogsConfig logs = logs(map);
        var controllers = new ArrayList<ControllerConfig>();
        Set<String> keys =
                Set.of("name", "disks", "volumes", "exports", "listen", "memory", "journal", "restart", "guest");
        int count = map.each("controllers", keys, (one, index) -> {
            int before = document.complaintCount();
            ControllerConfig controller = controller(one);
            if (document.complaintCount() == before) {
                document.isController(controller.name(), index);
                controllers.add(controller);
            }
        });
        if (count == 0 || count > CONTROLLERS_MAX) {
            map.complain("controllers", "lists " + count + "; allowed: 1 to " + CONTROLLERS_MAX);
        }
        var config = new HostConfig(controllers, apiPort, logs);
        return new ReadConfig(config, document.complaints(), document.places());
    }

    private static LogsConfig logs(YamlMap host) {
        Optional<YamlMap> map = host.map("logs", Set.of("size", "kept"));
        if (map.isEmpty()) {
            return LogsConfig.DEFAULT;
        }
        return new LogsConfig(
                map.get().size(
                        "size", LogsConfig.DEFAULT.sizeBytes(), LogsConfig.SIZE_BYTES_MIN, LogsConfig.SIZE_BYTES_MAX),
                (int) map.get().number("kept", LogsConfig.DEFAULT.kept(), 0, LogsConfig.KEPT_MAX));
    }

    private ControllerConfig controller(YamlMap map) throws ConfigException {
        String name = name(map, "name");
        if (!names.add(name)) {
            throw map.wrong("name", "is '" + name + "', which another controller has");
        }
        MemoryConfig memory = memory(map);
        List<VolumeConfig> volumes = ExportReader.volumes(map);
        JournalConfig journal = HostConfig.defaultJournal(disksFolder(), name, memory);
        return new ControllerConfig(
                name,
                map.part(List.of(), () -> disks(map, name)),
                volumes,
                ExportReader.exports(map, volumes),
                listen(map),
                memory,
                map.part(journal, () -> journal(map, name, memory)),
                restart(map),
                guest(map));
    }

    static String name(YamlMap map, String key) throws ConfigException {
        String name = map.text(key).orElseThrow(() -> map.wrong(key, "is missing"));
        Optional<String> complaint = VolumeRules.name(name);
        if (complaint.isPresent()) {
            throw map.wrong(key, complaint.get());
        }
        return name;
    }

    private static MemoryConfig memory(YamlMap controller) {
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
        if (!controller.has("disks")) {
            for (DiskConfig disk : HostConfig.defaultDisks(disksFolder(), name)) {
                take(controller, "disks", disk.file());
            }
            return HostConfig.defaultDisks(disksFolder(), name);
        }
        var disks = new ArrayList<DiskConfig>();
        var names = new HashSet<String>();
        int count = controller.each("disks", Set.of("name", "file", "size"), (map, index) -> {
            String disk = map.has("name") ? name(map, "name") : "disk" + index;
            if (!names.add(disk)) {
                throw map.wrong("name", "is '" + disk + "', which another disk has");
            }
            Path path = map.text("file").isPresent()
                    ? path(map, "file", map.text("file").get())
                    : disksFolder().resolve(name + "-" + disk + ".img");
            take(map, "file", path);
            long size = map.size("size", HostConfig.DEFAULT_DISK_BYTES, 64L * Units.MIB, 16L << 40);
            disks.add(new DiskConfig(disk, path, size & -Units.BLOCK_SIZE));
        });
        if (count != DISKS_MAX) {
            controller.complain("disks", "lists " + count + "; a mirror has two");
        }
        return disks;
    }

    private Path disksFolder() {
        return dataDirectory.resolve("disks");
    }

    /// A path in the file is relative to the file's folder.
    private Path path(YamlMap map, String key, String text) throws ConfigException {
        try {
            return base.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw map.wrong(key, "is no path: " + e.getReason());
        }
    }

    private void take(YamlMap map, String key, Path path) throws ConfigException {
        if (!files.add(path)) {
            throw map.wrong(key, "is " + path + ", which another disk or journal has");
        }
    }

    private List<ListenConfig> listen(YamlMap controller) {
        var listen = new ArrayList<ListenConfig>();
        int count = controller.each("listen", Set.of("address", "port", "portmapper"), (map, _) -> {
            String text = map.text("address").orElse("127.0.0.1");
            InetAddress address = Cidr.address(text)
                    .orElseThrow(() -> map.wrong(
                            "address", "is '" + text + "'; it must be an IP address, such as 192.168.1.5 or ::"));
            listen.add(address(map, new ListenConfig(
                    address.getHostAddress(), (int) map.number("port", 0, 0, PORT_MAX), portmapper(map, address))));
        });
        if (controller.has("listen") && (count == 0 || count > LISTEN_MAX)) {
            controller.complain("listen", "lists " + count + "; allowed: 1 to " + LISTEN_MAX);
        }
        return listen.isEmpty() ? List.of(new ListenConfig("127.0.0.1", 0)) : listen;
    }

    private ListenConfig address(YamlMap map, ListenConfig listen) throws ConfigException {
        if (listen.port() != 0 && !addresses.add(new ListenConfig(listen.address(), listen.port()))) {
            throw map.wrong("port", "is " + listen.port() + " on " + listen.address() + ", which is listed twice");
        }
        return listen;
    }

    /// One portmapper has one address, and tells one port for each program.
    private boolean portmapper(YamlMap map, InetAddress address) throws ConfigException {
        if (!map.flag("portmapper", false)) {
            return false;
        }
        if (!(address instanceof Inet4Address)) {
            throw map.wrong("portmapper", "is true for " + map.text("address").orElse("") + "; it knows IPv4 only");
        }
        if (!addresses.add(new ListenConfig(address.getHostAddress(), PortMap.PORT))) {
            throw map.wrong("portmapper", "needs port " + PortMap.PORT + " on " + address.getHostAddress()
                    + ", which is listed already");
        }
        return true;
    }

    private JournalConfig journal(YamlMap controller, String name, MemoryConfig memory) throws ConfigException {
        JournalConfig otherwise = HostConfig.defaultJournal(disksFolder(), name, memory);
        Optional<YamlMap> map = controller.map("journal", Set.of("files", "size"));
        var paths = new ArrayList<Path>();
        if (map.isPresent()) {
            for (String text : map.get().texts("files")) {
                paths.add(path(map.get(), "files", text));
            }
            if (map.get().has("files") && (paths.isEmpty() || paths.size() > JOURNALS_MAX)) {
                throw map.get().wrong("files", "lists " + paths.size() + "; allowed: 1 to " + JOURNALS_MAX);
            }
        }
        List<Path> chosen = paths.isEmpty() ? otherwise.files() : paths;
        for (Path path : chosen) {
            take(map.isPresent() ? map.get() : controller, map.isPresent() ? "files" : "journal", path);
        }
        if (map.isEmpty()) {
            return otherwise;
        }
        // Less than twice the log, and it could be full while a consistency point still needs all of it.
        long size = map.get().size("size", otherwise.sizeBytes(), otherwise.sizeBytes(), 64 * Units.GIB);
        return new JournalConfig(chosen, size & -Units.BLOCK_SIZE);
    }

    private static RestartConfig restart(YamlMap controller) {
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

    private static GuestConfig guest(YamlMap controller) {
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
