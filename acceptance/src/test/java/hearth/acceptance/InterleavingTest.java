package hearth.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: nothing of a guest that was replaced reaches disks or clients afterwards: neither its disk writes that were
/// still in flight, nor the guest itself when it only stood still.
/// Method: real processes under a client that knows what everything should be; disk writes are held back by seed;
/// guests are stopped by SIGSTOP, replaced, and woken by SIGCONT.
///
/// That the gate is needed shows in `aWriteThatComesLateFindsNoBlockThatTheSuccessorHasWritten`, and in `host/domain0`
/// HeldWritesTest.
class InterleavingTest {
    private static final int KILLS = Boolean.getBoolean("hearth.full") ? 40 : 1;
    private static final int HELD_MS = 600;
    private static final int FIRST_WRITES_MS = 150;
    private static final int STOPS = Boolean.getBoolean("hearth.full") ? 20 : 1;
    private static final long WORK_MS = 600;
    private static final int LATE_MS = 4000;
    private static final int LATE_BYTES = 200_000;
    private static final String CONFIG = """
            controllers:
              - name: a
                guest:
                  consistency-point-interval-ms: 200
            """;

    private final long seed = Long.getLong("hearth.seed", 1) & 0xffffff;

    @BeforeEach
    void clientIsThere() {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
    }

    private static void work() {
        Awaitility.await().pollDelay(WORK_MS, TimeUnit.MILLISECONDS).until(() -> true);
    }

    private static void awaitNext(Host host, long incarnation) {
        Awaitility.await().atMost(60, TimeUnit.SECONDS)
                .until(() -> host.controller().path("incarnation").asLong() > incarnation);
        host.awaitListening();
    }

    private static List<JsonNode> events(Host host, String name) {
        return host.events().stream().filter(event -> event.path("name").asText().equals(name)).toList();
    }

    @Test
    void writesOfADeadGuestNeverLandOnWhatItsSuccessorWrote() throws Exception {
        System.out.println("seed of the held writes: " + seed);
        Path config = Files.writeString(Host.scratch().resolve("held.yaml"), CONFIG);
        String options = "-Dhearth.test.held-writes=disk:" + seed + ':' + HELD_MS;
        try (var host = Host.starting("held", options, config.toString())) {
            host.awaitListening();
            Path log = Host.scratch().resolve("held.log");
            Process churn = churn(host, log, KILLS * 5);
            for (int kill = 0; kill < KILLS; kill++) {
                work();
                killAndAwaitNext(host);
                // Its first consistency point is under way now, and the next guest's begins with the same free blocks.
                Awaitility.await().pollDelay(FIRST_WRITES_MS, TimeUnit.MILLISECONDS).until(() -> true);
                killAndAwaitNext(host);
                host.order("/v1/controllers/a/consistency-point");
                host.order("/v1/controllers/a/restart?dropCache=true");
                readFromTheDisks(host);
            }
            end(churn, log);
            long gated = events(host, "guest.fenced").stream()
                    .filter(event -> event.path("fields").path("writes_in_flight").asLong() > 0).count();
            System.out.println(Files.readString(log).strip() + "; " + gated + " deaths with writes in flight");
            assertThat(gated).isPositive();
            assertThat(events(host, "disk.gate-empty")).isNotEmpty();
        }
    }

    /// The dead guest's consistency point was writing one file; its successor's has two others as well, with inodes
    /// before and behind it, so that the same free blocks get other contents. All disk writes of the one stay in flight
    /// for four seconds, those of the other pass.
    @Test
    void aWriteThatComesLateFindsNoBlockThatTheSuccessorHasWritten() throws Exception {
        Path config = Files.writeString(Host.scratch().resolve("late.yaml"), CONFIG.replace("200", "3600000"));
        Path hold = Host.scratch().resolve("late.hold");
        Files.deleteIfExists(hold);
        String options = "-Dhearth.test.held-writes=disk:" + seed + ':' + LATE_MS + ':' + hold;
        try (var host = Host.starting("late", options, config.toString())) {
            host.awaitListening();
            List<byte[]> files;
            try (var client = new RawNfs(host)) {
                byte[] root = client.mount("/vol0");
                files = List.of(client.create(root, "before"), client.create(root, "between"),
                        client.create(root, "behind"));
                host.order("/v1/controllers/a/consistency-point");
                client.write(files.get(1), 0, Scripts.bytes(1, LATE_BYTES));
                Files.createFile(hold);
                Thread point = Thread.ofPlatform().start(() -> host.post("/v1/controllers/a/consistency-point"));
                Awaitility.await().pollDelay(LATE_MS / 8, TimeUnit.MILLISECONDS).until(() -> true);
                client.write(files.get(0), 0, Scripts.bytes(2, LATE_BYTES));
                client.write(files.get(2), 0, Scripts.bytes(3, LATE_BYTES));
                killAndAwaitNext(host);
                Files.delete(hold);
                point.join();
            }
            host.order("/v1/controllers/a/consistency-point");
            Awaitility.await().pollDelay(LATE_MS, TimeUnit.MILLISECONDS).until(() -> true);
            assertThat(events(host, "guest.fenced").getFirst().path("fields").path("writes_in_flight").asLong())
                    .as("writes in flight").isPositive();
            host.order("/v1/controllers/a/restart?dropCache=true");
            try (var client = new RawNfs(host)) {
                for (int i = 0; i < files.size(); i++) {
                    assertThat(client.read(files.get(i), 0, LATE_BYTES)).as("file %d", i)
                            .isEqualTo(Scripts.bytes(List.of(2, 1, 3).get(i), LATE_BYTES));
                }
            }
            assertThat(host.controller().path("counters").path("raidRepairedBlocks").asLong())
                    .as("blocks that one disk had wrong").isZero();
        } finally {
            Files.deleteIfExists(hold);
        }
    }

    /// As somebody asks for it: a guest that is killed young is no failed start.
    private static void killAndAwaitNext(Host host) {
        long incarnation = host.controller().path("incarnation").asLong();
        host.order("/v1/controllers/a/kill");
        awaitNext(host, incarnation);
    }

    /// Everything, while the churn goes on; objects come and go under the reader, so that it may be told so, but never
    /// of a block that is not what its pointer says.
    private static void readFromTheDisks(Host host) {
        NfsTree.tried(60, "manifest", host.url(), "/churn");
        assertThat(host.controller().path("counters").path("raidRepairedBlocks").asLong())
                .as("blocks that one disk had wrong").isZero();
    }

    private Process churn(Host host, Path log, int seconds) throws IOException {
        Process churn =
                NfsTree.start(log, "churn", host.url(), "/churn", Long.toString(seed), Integer.toString(seconds));
        NfsTree.awaitBegun(churn, log);
        return churn;
    }

    private static void end(Process churn, Path log) throws Exception {
        assertThat(churn.waitFor(120, TimeUnit.SECONDS)).as("the churn ends").isTrue();
        assertThat(churn.exitValue()).as(Files.readString(log)).isZero();
    }

    @Test
    void aStoppedGuestIsDeadBeforeItsSuccessorStartsAndNeverWakes() throws Exception {
        try (var host = Host.up("stopped")) {
            Path log = Host.scratch().resolve("stopped.log");
            Process churn = churn(host, log, (int) (STOPS * (WORK_MS + 1500) / 1000) + 14);
            for (int stop = 0; stop < STOPS; stop++) {
                work();
                JsonNode old = stopGuest(host);
                host.hearth("kill", "a").expect(0);
                awaitNext(host, old.path("incarnation").asLong());
                assertGone(old.path("pid").asLong());
            }
            work();
            JsonNode old = stopGuest(host);
            // Asks for a consistency point, which does not come, and kills after ten seconds.
            host.hearth("restart", "a").expect(0);
            awaitNext(host, old.path("incarnation").asLong());
            assertGone(old.path("pid").asLong());
            end(churn, log);
            System.out.println(Files.readString(log).strip());
            assertEachIsFencedBeforeTheNextIsSpawned(host);
        }
    }

    private static JsonNode stopGuest(Host host) {
        JsonNode guest = host.controller();
        String pid = guest.path("pid").asText();
        Command.done(10, "kill", "-STOP", pid);
        Awaitility.await().until(() -> state(pid) == 'T');
        return guest;
    }

    /// As `ps` shows it: T is stopped.
    private static char state(String pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    private static void assertGone(long pid) {
        assertThat(Command.run(10, "kill", "-CONT", Long.toString(pid)).exit()).as("SIGCONT finds nobody").isNotZero();
        assertThat(Path.of("/proc", Long.toString(pid))).doesNotExist();
    }

    /// The fence comes when the process's descriptor has said that it is no more, and before the next one's start.
    private static void assertEachIsFencedBeforeTheNextIsSpawned(Host host) {
        long fenced = 0;
        for (JsonNode event : host.events()) {
            long incarnation = event.path("fields").path("incarnation").asLong();
            if (event.path("name").asText().equals("guest.fenced")) {
                fenced = incarnation;
                assertThat(event.path("fields").path("how").asText()).contains("signal 9");
            } else if (event.path("name").asText().equals("guest.spawned")) {
                assertThat(fenced).as("fenced when %d was spawned", incarnation).isEqualTo(incarnation - 1);
            }
        }
        assertThat(fenced).isEqualTo(STOPS + 1);
    }
}
