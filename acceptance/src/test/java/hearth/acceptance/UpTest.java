package hearth.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: `up` with a file and in the background does what its help says. Method: the launcher as a user calls it.
class UpTest {
    private static final String CONFIG = """
            controllers:
              - name: files
                disks: [{size: 64MiB}, {size: 64MiB}]
                volumes: [{name: home}]
                exports: [{volume: home, path: /srv/home, clients: [127.0.0.0/8], squash: none}]
                memory: {cache: 32MiB, log: 8MiB}
            """;

    private Path data;
    private Path config;

    @BeforeEach
    void folders() throws Exception {
        Path folder = Files.createTempDirectory(Host.scratch(), "up-");
        data = folder.resolve("data");
        config = folder.resolve("host.yaml");
        Files.writeString(config, CONFIG);
    }

    @AfterEach
    void clean() throws Exception {
        hearth("down");
        Host.deleteTree(data.getParent());
    }

    private Command hearth(String... words) {
        return Command.run(120, Command.join(
                Command.join(List.of(Host.launcher().toString()), words), "--data", data.toString()));
    }

    private JsonNode status() {
        return Host.parse(hearth("status", "-o", "json").expect(0).out());
    }

    @Test
    void aConfiguredHostServesInTheBackgroundAndSigtermIsDown() throws Exception {
        Command up = hearth("up", config.toString(), "--detach").expect(0);
        JsonNode first = status();
        JsonNode controller = first.path("controllers").path(0);
        String url = controller.path("urls").path(0).asText();
        assertThat(controller.path("name").asText()).isEqualTo("files");
        assertThat(controller.path("state").asText()).isEqualTo("LISTENING");
        assertThat(url).startsWith("nfs://127.0.0.1/srv/home?nfsport=");
        assertThat(up.out()).contains(url).contains(controller.path("mounts").path(0).asText());
        assertThat(controller.path("space").path("totalBytes").asLong()).isBetween(50L << 20, 64L << 20);

        ProcessHandle host = ProcessHandle.of(first.path("pid").asLong()).orElseThrow();
        assertThat(host.destroy()).isTrue();
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> !Files.exists(data.resolve("run")));
        assertThat(Files.readString(data.resolve("logs/host.log"))).contains("stopped after a consistency point");
        assertThat(hearth("status").exit()).isEqualTo(3);

        // Without the file: it is remembered, and so is the port.
        hearth("up", "-d").expect(0);
        assertThat(status().path("controllers").path(0).path("urls").path(0).asText()).isEqualTo(url);
        hearth("down").expect(0);
    }

    @Test
    void ctrlCIsDownAndASecondOneEndsAtOnce() throws Exception {
        try (var host = Host.up("signals")) {
            host.signal("INT");
            host.awaitEnd();
            assertThat(host.exitValue()).isZero();
            assertThat(host.output()).contains("stopped after a consistency point");

            host.upAgain();
            // A guest that does not answer: without the second signal its stop would wait for seconds.
            long guest = host.controller().path("pid").asLong();
            Command.done(10, "kill", "-STOP", Long.toString(guest));
            host.signal("INT");
            host.signal("INT");
            Awaitility.await().until(
                    () -> host.output().lines().filter(line -> line.contains("once more")).count() == 2);
            assertThat(host.output()).as("twice at once is once").doesNotContain("ended without waiting");
            Awaitility.await().pollDelay(1_100, TimeUnit.MILLISECONDS).until(() -> true);
            host.signal("INT");
            host.awaitEnd();
            assertThat(host.exitValue()).isEqualTo(1);
            assertThat(host.output()).contains("ended without waiting");
            Awaitility.await().until(() -> ProcessHandle.of(guest).isEmpty());

            host.upAgain();
        }
    }

    @Test
    void aHostInTheBackgroundFailsWhereItWasStarted() throws Exception {
        Files.writeString(config, CONFIG.replace("squash: none", "squash: nobody"));
        Command wrong = hearth("up", config.toString(), "-d").expect(2);
        assertThat(wrong.err().strip()).isEqualTo("hearth: " + config + ":5: controllers[0].exports[0].squash is"
                + " 'nobody'; allowed: none, root, all");
        assertThat(data).doesNotExist();

        Files.writeString(config, CONFIG.replace("cache: 32MiB", "cache: 64GiB"));
        if (availableGib() < 64) {
            Command large = hearth("up", config.toString(), "-d").expect(2);
            assertThat(large.err()).contains("MiB of memory", "available");
        }
        assertThat(hearth("up", "no-such-file.yaml", "-d").expect(2).err()).contains("there is no such file");
        assertThat(hearth("up", "--colour").exit()).isEqualTo(2);
    }

    private static long availableGib() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 20;
            }
        }
        return Long.MAX_VALUE;
    }
}
