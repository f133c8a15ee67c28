package hearth.acceptance;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: the host's verbs do what their help says, and wrong circumstances get one clear line and exit 2.
/// Method: real hosts on data directories of their own.
class HostTest {
    private static final int SIZE_BYTES = 3_000_000;

    @Test
    void statusTimelineAndEventsTellWhatHappened() throws Exception {
        try (var host = Host.up("verbs")) {
            assertThat(host.hearth("status").expect(0).out()).contains("nfs://127.0.0.1").contains("mount -t nfs");
            int incarnation = host.controller().path("incarnation").asInt();
            host.hearth("kill", "a").expect(0);
            host.awaitListening();
            assertThat(host.controller().path("incarnation").asInt()).isGreaterThan(incarnation);
            var last = host.lastIncarnation();
            assertThat(last.path("plan").asText()).isEqualTo("FastRestart");
            var stamps = last.path("stampsNs");
            assertThat(stamps.path("detected").asLong()).isPositive();
            assertThat(stamps.path("listening").asLong()).isGreaterThan(stamps.path("fenced").asLong());
            assertThat(host.hearth("timeline", "a").expect(0).out()).contains("listening");
            assertThat(host.hearth("events").expect(0).out()).contains("boot.decided");
            Path token = host.data().resolve("run/token");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token))).isEqualTo("rw-------");
            assertThat(host.hearth("restart", "a").expect(0).out()).isNotBlank();
            assertThat(host.down().exit()).isZero();
            assertThat(host.exitValue()).isZero();
            assertThat(host.hearth("status").exit()).isEqualTo(3);
        }
    }

    @Test
    void aSecondHostOnTheSameDataIsRefused() {
        try (var host = Host.up("second")) {
            Command second = Command.run(60, Host.launcher().toString(), "up", "--data", host.data().toString());
            assertThat(second.exit()).isEqualTo(2);
            assertThat(second.err()).contains(Long.toString(host.domain0Pid()));
            assertThat(host.controller().path("state").asText()).isEqualTo("LISTENING");
        }
    }

    @Test
    void whatWasCommittedIsThereAfterDomain0WasKilled() throws Exception {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
        try (var host = Host.up("host-death")) {
            Path folder = folderWithOneFile();
            NfsTree.run(60, "put", host.url(), folder.toString(), "/stable");
            long guest = host.controller().path("pid").asLong();
            host.killHost();
            org.awaitility.Awaitility.await().until(() -> ProcessHandle.of(guest).isEmpty()
                    || !ProcessHandle.of(guest).orElseThrow().isAlive());
            host.upAgain();
            assertThat(NfsTree.run(60, "manifest", host.url(), "/stable").out())
                    .isEqualTo(NfsTree.run(60, "manifest-local", folder.toString()).out());
            Host.deleteTree(folder);
        }
    }

    @Test
    void halfOfTheMirrorMissingIsADegradedStartAndBothMissingIsRefused() throws Exception {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
        try (var host = Host.up("degraded")) {
            Path folder = folderWithOneFile();
            NfsTree.run(60, "put", host.url(), folder.toString(), "/before");
            host.down();
            Path first = host.data().resolve("disks/a-disk0.img");
            Path second = host.data().resolve("disks/a-disk1.img");
            Path away = host.data().resolve("away.img");
            Files.move(second, away);
            host.upAgain();
            assertThat(host.controller().path("degraded").asBoolean()).isTrue();
            NfsTree.run(60, "put", host.url(), folder.toString(), "/while-degraded");
            host.down();
            String stale = hash(away);
            Files.move(away, second);
            host.upAgain();
            assertThat(host.controller().path("degraded").asBoolean()).isTrue();
            String local = NfsTree.run(60, "manifest-local", folder.toString()).out();
            assertThat(NfsTree.run(60, "manifest", host.url(), "/while-degraded").out()).isEqualTo(local);
            assertThat(NfsTree.run(60, "manifest", host.url(), "/before").out()).isEqualTo(local);
            host.down();
            assertThat(hash(second)).as("the stale half was not written").isEqualTo(stale);
            Files.move(first, away);
            Files.delete(second);
            Command refused = Command.run(60, Host.launcher().toString(), "up", "--data", host.data().toString());
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(2);
            assertThat(refused.err()).contains("a-disk0.img");
            Files.move(away, first);
            Host.deleteTree(folder);
        }
    }

    @Test
    void aForeignDiskIsRefusedAndNotTouched() throws Exception {
        try (var host = Host.up("mine"); var other = Host.up("foreign")) {
            host.down();
            other.down();
            Path mine = host.data().resolve("disks/a-disk1.img");
            Path theirs = other.data().resolve("disks/a-disk1.img");
            Files.copy(theirs, mine, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            String before = hash(mine);
            Command refused = Command.run(60, Host.launcher().toString(), "up", "--data", host.data().toString());
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(2);
            assertThat(refused.err()).contains("a-disk1.img");
            assertThat(hash(mine)).isEqualTo(before);
        }
    }

    private static Path folderWithOneFile() throws Exception {
        Path folder = Files.createTempDirectory(Host.scratch(), "folder");
        byte[] bytes = new byte[SIZE_BYTES];
        new Random(7).nextBytes(bytes);
        Files.write(folder.resolve("file"), bytes);
        return folder;
    }

    private static String hash(Path file) throws Exception {
        var digest = java.security.MessageDigest.getInstance("SHA-256");
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return java.util.HexFormat.of().formatHex(digest.digest());
    }
}
