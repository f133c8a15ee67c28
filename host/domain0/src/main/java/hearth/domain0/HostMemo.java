package hearth.domain0;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import hearth.domain0.config.ConfigException;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.ExportConfig;
import hearth.domain0.config.HostConfig;
import hearth.domain0.config.VolumeConfig;
import hearth.domain0.state.DataDirectory;

/// What the host remembers of its configuration from start to start, in `state/host.json`: the file's path, and each
/// controller's volumes and exports as they were last known on its disks. These win, so a file that says something else
/// must not pass in silence.
///
/// @param configFile absolute; empty for the default controller
/// @param made volumes and exports by controller
record HostMemo(Optional<Path> configFile, Map<String, Made> made) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "host.json";
    private static final String CONFIG = "config";
    private static final String CONTROLLERS = "controllers";

    static final HostMemo NONE = new HostMemo(Optional.empty(), Map.of());

    /// What is on a controller's disks.
    record Made(List<VolumeConfig> volumes, List<ExportConfig> exports) {
        static Made of(ControllerConfig controller) {
            return new Made(controller.volumes(), controller.exports());
        }

        String text() {
            var text = new StringBuilder("volumes ");
            text.append(String.join(", ", volumes.stream().map(VolumeConfig::name).toList()));
            for (ExportConfig export : exports) {
                text.append("; ").append(export.path()).append(" of ").append(export.volume());
                text.append(", ").append(export.access()).append(", squash ").append(export.squash());
                text.append(", for ").append(String.join(" ", export.clients()));
            }
            return text.toString();
        }
    }

    static HostMemo load(DataDirectory directory) throws IOException, ConfigException {
        Optional<byte[]> bytes = directory.readState(FILE);
        if (bytes.isEmpty()) {
            return NONE;
        }
        try {
            JsonNode memo = JSON.readTree(bytes.get());
            var made = new LinkedHashMap<String, Made>();
            for (Map.Entry<String, JsonNode> entry : memo.path(CONTROLLERS).properties()) {
                made.put(entry.getKey(), JSON.treeToValue(entry.getValue(), Made.class));
            }
            String file = memo.path(CONFIG).asText();
            return new HostMemo(file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)), made);
        } catch (JsonProcessingException e) {
            throw new ConfigException("the state file " + directory.root().resolve("state").resolve(FILE)
                    + " is damaged: " + e.getOriginalMessage()
                    + "; remove it, and name the configuration at the next start");
        }
    }

    void save(DataDirectory directory) throws IOException {
        ObjectNode memo = JSON.createObjectNode();
        configFile.ifPresent(file -> memo.put(CONFIG, file.toString()));
        ObjectNode controllers = memo.putObject(CONTROLLERS);
        made.forEach((name, one) -> controllers.set(name, JSON.valueToTree(one)));
        directory.writeState(FILE, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(memo));
    }

    /// The file to start with when none is named: the one of the last start.
    Optional<Path> lastConfig() throws ConfigException {
        if (configFile.isPresent() && !Files.exists(configFile.get())) {
            throw new ConfigException(configFile.get() + ": there is no such file, but the last start used it;"
                    + " put it back, or name another one");
        }
        return configFile;
    }

    /// Controllers that have disks here and that the configuration leaves out would lie idle unnoticed.
    void checkNoneIsLeftOut(HostConfig config) throws ConfigException {
        List<String> named = config.controllers().stream().map(ControllerConfig::name).toList();
        for (String known : made.keySet()) {
            if (!named.contains(known)) {
                throw new ConfigException("this data directory has the disks of controller " + known
                        + ", which the configuration does not name (it names " + String.join(", ", named)
                        + "); add it, or use another data directory with --data");
            }
        }
    }

    /// One line for each controller whose configured volumes or exports are not those on its disks.
    List<String> differences(HostConfig config) {
        return config.controllers().stream()
                .filter(controller -> made.containsKey(controller.name())
                        && !Made.of(controller).equals(made.get(controller.name())))
                .map(controller -> "controller " + controller.name()
                        + ": volumes and exports stand on the disks since these were made, and the configuration's are"
                        + " not used: " + made.getOrDefault(controller.name(), Made.of(controller)).text())
                .toList();
    }

    /// The configuration with the volumes and exports that are on the disks.
    HostConfig effective(HostConfig config) {
        return new HostConfig(
                config.controllers().stream().map(this::effective).toList(), config.apiPort(), config.logs());
    }

    private ControllerConfig effective(ControllerConfig c) {
        Made one = made.getOrDefault(c.name(), Made.of(c));
        return new ControllerConfig(c.name(), c.disks(), one.volumes(), one.exports(), c.listen(), c.memory(),
                c.journal(), c.restart(), c.guest());
    }

    /// The same after a change of one controller's volumes or exports.
    HostMemo changed(String controller, Made now) {
        var all = new LinkedHashMap<>(made);
        all.put(controller, now);
        return new HostMemo(configFile, all);
    }

    /// The same with what is new.
    HostMemo with(Optional<Path> file, HostConfig config) {
        var all = new LinkedHashMap<>(made);
        config.controllers().forEach(controller -> all.putIfAbsent(controller.name(), Made.of(controller)));
        return new HostMemo(file, all);
    }
}
