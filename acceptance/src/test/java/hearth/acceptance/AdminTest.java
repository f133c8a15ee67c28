package hearth.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: volumes and exports change while the host runs, and what was answered stays, whatever dies. Method: the
/// command line and Debian's NFS tools as an administrator and a user have them; kills at moments that nobody chose.
class AdminTest {
    private static final int MIB = 1 << 20;
    private static final int ROUNDS_MIN = 24;
    private static final int ROUNDS_MAX = 90;
    private static final int KILLS_MIN = 6;
    private static final String VOLUMES = "/v1/controllers/a/volumes";
    private static final String EXPORTS = "/v1/controllers/a/exports";

    @BeforeEach
    void clientIsThere() {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
    }

    @Test
    void volumesAndExportsAreMadeChangedAndDeletedAndStaySo() throws Exception {
        try (var host = Host.up("admin")) {
            Path file = Files.createTempFile(Host.scratch(), "admin", ".bin");
            byte[] bytes = new byte[6 * MIB];
            new Random(5).nextBytes(bytes);
            Files.write(file, bytes);
            try {
                makeAndFill(host, file);
                changeExport(host, file);
                changeSize(host, file);
                surviveHost(host, bytes);
                delete(host);
            } finally {
                Files.delete(file);
            }
        }
    }

    private static void makeAndFill(Host host, Path file) throws Exception {
        host.hearth("volume", "create", "projects", "--size", "16MiB").expect(0);
        assertThat(host.hearth("volume", "create", "projects").expect(1).err()).contains("volume 'projects' exists");
        assertThat(host.hearth("volume", "create", "Projects").expect(2).err()).contains("lower-case letter");
        host.hearth("export", "create", "/projects", "--volume", "projects", "--clients", "127.0.0.0/8,::1",
                "--squash", "none").expect(0);
        Process copy = new ProcessBuilder("nfs-cp", file.toString(), url(host, "projects", "/one")).start();
        host.killGuest();
        assertThat(copy.waitFor(60, TimeUnit.SECONDS)).isTrue();
        host.awaitListening();
        if (copy.exitValue() != 0) {
            // It had not connected yet when the guest died: then it has no connection to make again.
            copy(host, file, "/one").expect(0);
        }
        JsonNode volume = volume(host, "projects");
        assertThat(volume.path("files").asInt()).isEqualTo(1);
        assertThat(volume.path("sizeBytes").asLong()).isEqualTo(16 * MIB);
        assertThat(volume.path("usedBytes").asLong()).isBetween(6L * MIB, 16L * MIB);
        assertThat(host.hearth("volume", "list").expect(0).out())
                .contains("projects", "16.0 MiB", "/projects", "online");
        assertFastRestart(host);
    }

    private static void changeExport(Host host, Path file) throws Exception {
        host.hearth("export", "set", "/projects", "--access", "ro").expect(0);
        assertThat(copy(host, file, "/two").exit()).isNotZero();
        Command made = NfsTree.tried(30, "put", url(host, "projects", ""), Host.scratch().toString(), "/tree");
        assertThat(made.exit()).as(made.toString()).isNotZero();
        assertThat(made.out() + made.err()).containsIgnoringCase("ROFS");
        assertThat(host.get(EXPORTS).path("exports").path(1).path("access").asText()).isEqualTo("ro");
        host.hearth("export", "set", "/projects", "--access", "rw", "--clients", "127.0.0.1").expect(0);
        assertThat(host.hearth("export", "list").expect(0).out()).contains("/projects", "rw", "127.0.0.1");
    }

    private static void changeSize(Host host, Path file) throws Exception {
        assertThat(host.hearth("volume", "resize", "projects", "--size", "1MiB").expect(1).err())
                .contains("uses ", "bytes, which is more than the 1048576 asked for");
        host.hearth("volume", "resize", "projects", "--size", "8MiB").expect(0);
        Command full = copy(host, file, "/two");
        assertThat(full.exit()).as(full.toString()).isNotZero();
        assertThat(volume(host, "projects").path("usedBytes").asLong()).isLessThanOrEqualTo(8L * MIB);
        host.hearth("volume", "resize", "projects", "--size", "none").expect(0);
        copy(host, file, "/three").expect(0);
        assertFastRestart(host);
    }

    private static void surviveHost(Host host, byte[] bytes) throws Exception {
        JsonNode volumes = host.get(VOLUMES);
        String url = url(host, "projects", "/three");
        host.down();
        assertThat(host.hearth("volume", "list").exit()).isEqualTo(3);
        host.upAgain();
        assertThat(withoutUse(host.get(VOLUMES))).isEqualTo(withoutUse(volumes));
        assertThat(url(host, "projects", "/three")).isEqualTo(url);
        Path back = Host.scratch().resolve("admin-back.bin");
        Files.deleteIfExists(back);
        Command.done(60, "nfs-cp", url, back.toString());
        assertThat(Files.readAllBytes(back)).isEqualTo(bytes);
        Files.delete(back);
    }

    private static void delete(Host host) throws Exception {
        assertThat(host.hearth("volume", "delete", "projects").expect(1).err()).contains("is exported", "--force");
        assertThat(host.hearth("volume", "delete", "nothing").expect(2).err()).contains("there are: vol0, projects");
        String url = url(host, "projects", "");
        String metrics = host.text("/metrics");
        assertThat(metrics).contains("hearth_up{controller=\"a\"} 1\n");
        assertThat(metrics).doesNotContain("hearth_nfs_calls_total{controller=\"a\",procedure=\"READ\"} 0\n");
        long used = host.controller().path("space").path("usedBytes").asLong();
        host.hearth("volume", "delete", "projects", "--force", "--wait").expect(0);
        assertThat(names(host.json("volume", "list"))).containsExactly("vol0");
        assertThat(host.get(EXPORTS).path("exports")).hasSize(1);
        assertThat(Command.run(20, "nfs-ls", url).exit()).isNotZero();
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() ->
                host.controller().path("space").path("usedBytes").asLong() < used - 12L * MIB);
        assertThat(host.json("disk", "list").path("disks").findValuesAsText("state")).containsOnly("present");
        assertFastRestart(host);
        assertThat(names(host.get(VOLUMES))).containsExactly("vol0");
    }

    /// After a kill the guest comes up by its checkpoint and probes nothing, by both counts.
    private static void assertFastRestart(Host host) {
        long before = host.controller().path("incarnation").asLong();
        host.killGuest();
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() ->
                host.controller().path("incarnation").asLong() > before
                        && host.controller().path("state").asText().equals("LISTENING"));
        assertThat(host.controller().path("plan").asText()).isEqualTo("FastRestart");
        assertThat(host.controller().path("probes").path("guest").asInt()).isZero();
        assertThat(host.controller().path("probes").path("host").asInt()).isZero();
    }

    private static Command copy(Host host, Path file, String to) {
        return Command.run(60, "nfs-cp", file.toString(), url(host, "projects", to));
    }

    /// The URL of an object in an export, as `status` tells it.
    private static String url(Host host, String export, String path) {
        for (JsonNode url : host.controller().path("urls")) {
            if (url.asText().contains("/" + export + "?")) {
                return url.asText().replace("/" + export + "?", "/" + export + path + "?");
            }
        }
        throw new AssertionError("no export " + export + " in " + host.controller().path("urls"));
    }

    private static JsonNode volume(Host host, String name) {
        for (JsonNode one : host.get(VOLUMES).path("volumes")) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no volume " + name);
    }

    private static List<String> names(JsonNode answer) {
        var names = new ArrayList<String>();
        answer.path("volumes").forEach(one -> {
            if (one.path("state").asText().equals("online")) {
                names.add(one.path("name").asText());
            }
        });
        return names;
    }

    /// What is used changes with every consistency point.
    private static String withoutUse(JsonNode volumes) {
        return volumes.toString().replaceAll("\"usedBytes\":[0-9]+,", "");
    }

    @Test
    void whatWasAcknowledgedIsThereOnceHoweverOftenTheGuestIsKilled() throws Exception {
        boolean full = Boolean.getBoolean("hearth.full");
        var random = new Random(Long.getLong("hearth.seed", 1));
        try (var host = Host.up("admin-kills")) {
            var expected = new TreeSet<String>(List.of("vol0"));
            var done = new AtomicBoolean();
            var kills = new AtomicInteger();
            Thread killer = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    Awaitility.await().pollDelay(100 + random.nextInt(900), TimeUnit.MILLISECONDS).until(() -> true);
                    if (host.post("/v1/controllers/a/kill").isPresent()) {
                        kills.incrementAndGet();
                    }
                }
            });
            try {
                // A fast machine is through with the least before anybody was killed; 64 volumes are the most.
                for (int i = 0; i < ROUNDS_MAX && (full || i < ROUNDS_MIN || kills.get() < KILLS_MIN); i++) {
                    String name = "v" + i;
                    assertThat(host.post("/v1/controllers/a/volumes?name=" + name)).as(name).isPresent();
                    assertThat(expected.add(name)).isTrue();
                    if (i % 3 == 2) {
                        assertThat(host.post("/v1/controllers/a/volumes/v" + (i - 1) + "/delete")).isPresent();
                        expected.remove("v" + (i - 1));
                    }
                }
            } finally {
                done.set(true);
                killer.join();
            }
            host.awaitListening();
            assertThat(host.controller().path("incarnation").asLong()).as("kills").isGreaterThan(KILLS_MIN / 2);
            List<String> names = names(host.get(VOLUMES));
            assertThat(names).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(names)).isEqualTo(expected);
            host.down();
            host.upAgain();
            assertThat(new TreeSet<>(names(host.get(VOLUMES)))).isEqualTo(expected);
        }
    }
}
