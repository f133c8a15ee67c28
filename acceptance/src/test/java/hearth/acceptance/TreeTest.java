package hearth.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: a real tree, copied in by a client that is not ours, is there with every name, size, mode, time and byte;
/// also when the guest is killed every two seconds meanwhile, and without an error at the client.
/// Method: nfstree (libnfs) copies and lists; its manifest is compared with one of the local tree.
class TreeTest {
    private static final int KILLS_MIN = Boolean.getBoolean("hearth.full") ? 150 : 30;
    private static final long KILL_INTERVAL_MS = 2_000;

    @BeforeEach
    void clientIsThere() {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
    }

    @Test
    void aRealTreeIsCopiedListedAndReadBack() throws Exception {
        Path tree = SampleTree.tree();
        String local = NfsTree.run(120, "manifest-local", tree.toString()).out();
        assertThat(local.lines().filter(line -> !line.contains(" d ")).count()).isGreaterThan(SampleTree.FILES_MIN);
        try (var host = Host.up("tree")) {
            NfsTree.run(300, "put", host.url(), tree.toString(), "/tree");
            assertThat(NfsTree.run(300, "manifest", host.url(), "/tree").out()).isEqualTo(local);
            debianToolsAgree(host, tree);
            assertThat(host.down().out()).contains("consistency point");
            host.upAgain();
            assertThat(NfsTree.run(300, "manifest", host.url(), "/tree").out()).isEqualTo(local);
            host.verify().expect(0);
        }
    }

    private static void debianToolsAgree(Host host, Path tree) throws IOException {
        Path file = firstFile(tree);
        String remote = "/tree/" + tree.relativize(file);
        assertThat(Command.done(60, "nfs-ls", "-R", host.url("/tree")).out().lines().count())
                .isGreaterThan(SampleTree.FILES_MIN);
        Path copy = Host.scratch().resolve("copy-of-one");
        Command.done(60, "nfs-cp", host.url(remote), copy.toString());
        assertThat(copy).hasSameBinaryContentAs(file);
        Files.delete(copy);
        Command.done(60, "nfs-cp", file.toString(), host.url("/by-nfs-cp"));
        assertThat(Command.done(60, "nfs-cat", host.url("/by-nfs-cp")).out()).isEqualTo(Files.readString(file));
    }

    private static Path firstFile(Path tree) throws IOException {
        try (var all = Files.walk(tree.resolve("include"))) {
            return all.filter(path -> path.toString().endsWith(".h") && Files.isRegularFile(path))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void nothingIsLostWrongOrDoneTwiceWhileTheGuestIsKilledEveryTwoSeconds() throws Exception {
        Path tree = SampleTree.tree();
        String local = NfsTree.run(120, "manifest-local", tree.toString()).out();
        long seed = Long.getLong("hearth.seed", 1) & 0xffffff;
        System.out.println("seed of the churn: " + seed);
        try (var host = Host.up("kills")) {
            String url = host.url();
            int seconds = (int) (KILLS_MIN * KILL_INTERVAL_MS / 1000 + 6);
            Path log = Host.scratch().resolve("churn.log");
            Process churn = NfsTree.start(log, "churn", url, "/churn", Long.toString(seed), Integer.toString(seconds));
            Path putLog = Host.scratch().resolve("put.log");
            Process put = NfsTree.start(putLog, "put", url, tree.toString(), "/tree");
            int kills = 0;
            // A kill comes after a while of work: a client that is still mounting has no connection to come back with.
            while (kills < KILLS_MIN || put.isAlive()) {
                Awaitility.await().pollDelay(KILL_INTERVAL_MS, TimeUnit.MILLISECONDS).until(() -> true);
                for (Process client : List.of(put, churn)) {
                    assertThat(client.isAlive() || client.exitValue() == 0)
                            .as(() -> "no client has failed:\n" + host.output() + text(putLog) + text(log))
                            .isTrue();
                }
                host.killGuest();
                kills++;
                assertThat(kills).as("the copy does not end").isLessThan(10 * KILLS_MIN);
            }
            assertThat(churn.waitFor(120, TimeUnit.SECONDS)).as("the churn ends").isTrue();
            assertThat(churn.exitValue()).as(Files.readString(log)).isZero();
            System.out.println(kills + " kills");
            System.out.println(Files.readString(log).strip());
            System.out.println(Files.readString(putLog).strip());
            host.awaitListening();
            assertThat(NfsTree.run(300, "manifest", url, "/tree").out()).isEqualTo(local);
            assertThat(host.controller().path("restarts").asInt()).isGreaterThanOrEqualTo(KILLS_MIN);
            host.down();
            host.verify().expect(0);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
