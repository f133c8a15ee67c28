package hearth.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import hearth.domain0.config.ConfigException;
import hearth.domain0.config.ConfigReader;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.HostConfig;

/// The configuration file: it is taken, or the complaint is one line that names the file.
final class YamlTarget implements Target {
    private final Path folder = folder();
    private final Path file = folder.resolve("host.yaml");

    private static Path folder() {
        try {
            return Files.createTempDirectory("yaml");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void accept(byte[] input) throws IOException {
        read(input);
    }

    private Optional<HostConfig> read(byte[] input) throws IOException {
        Files.write(file, input);
        try {
            HostConfig config = ConfigReader.read(file, folder.resolve("data"));
            Property.holds(!config.controllers().isEmpty(), "a host without controllers");
            for (ControllerConfig controller : config.controllers()) {
                Property.holds(controller.disks().size() == 2 && !controller.volumes().isEmpty()
                        && !controller.listen().isEmpty(), "a controller that lacks something");
            }
            return Optional.of(config);
        } catch (ConfigException e) {
            Property.holds(e.getMessage().startsWith(file.toString()), "a complaint about no file: " + e.getMessage());
            Property.holds(e.getMessage().lines().count() == 1, "a complaint of several lines: " + e.getMessage());
            return Optional.empty();
        }
    }

    /// Counts starts in a second, and forgets that they may take no time.
    @Override
    public void acceptPlanted(byte[] input) throws IOException {
        Optional<HostConfig> config = read(input);
        if (config.isPresent() && config.get().controllers().getFirst().restart().failedStartMs() == 0) {
            throw new PlantedBug("a division by zero");
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                bytes("controllers: [{name: a}]\n"),
                bytes("""
                        api-port: 88
                        controllers:
                          - name: a
                            listen: [{address: 127.0.0.1, port: 20}]
                        """),
                bytes("""
                        controllers:
                          - name: a
                            disks:
                              - {file: one.img, size: 2GiB}
                              - {name: b, file: /x/two.img, size: 3000000000}
                            volumes: [{name: v}]
                            exports:
                              - {path: /v, volume: v, access: ro, clients: [10.0.0.0/8, '::/0'], squash: all}
                        """),
                bytes("""
                        controllers:
                          - name: a
                            memory: {cache: 513MiB, log: 16MiB, huge-pages: false}
                            journal: {files: [j.log], size: 256MiB}
                            restart: {failed-starts-max: 3, failed-start-ms: 100}
                            guest: {heap: 128MiB, consistency-point-interval-ms: 1000}
                        """));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String observed() {
        return "hearth.**:org.snakeyaml.**";
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
