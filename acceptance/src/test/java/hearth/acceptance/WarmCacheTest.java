package hearth.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: after a kill under read load the cache is warm by domain 0's own count of disk reads, not by the kernel's page
/// cache. Method: read 1 000 blocks, kill, forget the page cache, read them again; a control run that drops the guest's
/// cache must read the disks.
class WarmCacheTest {
    private static final int BLOCKS = 1_000;

    @BeforeEach
    void clientIsThere() {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
    }

    @Test
    void theFirstThousandCachedBlocksAfterAKillNeedNoDisk() throws Exception {
        try (var host = Host.up("warm")) {
            assertThat(diskReadsAfterKill(host, false)).isZero();
            assertThat(host.lastIncarnation().path("plan").asText()).isEqualTo("FastRestart");
            assertThat(host.controller().path("probes").path("guest").asInt()).isZero();
            assertThat(host.controller().path("probes").path("host").asInt()).isZero();
        }
    }

    @Test
    void withTheCacheDroppedTheSameBlocksAreReadFromTheDisks() throws Exception {
        try (var host = Host.up("cold")) {
            assertThat(diskReadsAfterKill(host, true)).isGreaterThanOrEqualTo(1);
        }
    }

    private static long diskReadsAfterKill(Host host, boolean dropCache) throws Exception {
        Path folder = Files.createTempDirectory(Host.scratch(), "warm-tree");
        byte[] bytes = new byte[BLOCKS * 4096];
        new Random(1).nextBytes(bytes);
        Files.write(folder.resolve("file"), bytes);
        String url = host.url();
        NfsTree.run(60, "put", url, folder.toString(), "/warm");
        Host.deleteTree(folder);
        host.hearth("restart", "a").expect(0);
        host.awaitListening();
        String before = NfsTree.run(60, "readblocks", url, "/warm/file", Integer.toString(BLOCKS)).out();

        Process load = NfsTree.start(Host.scratch().resolve("load.log"), "probe", url, "/warm/file", "3");
        load.waitFor(1, TimeUnit.SECONDS);
        host.killGuest();
        load.waitFor(20, TimeUnit.SECONDS);
        assertThat(load.exitValue()).isZero();
        host.awaitListening();
        if (dropCache) {
            host.hearth("restart", "a", "--drop-cache").expect(0);
            host.awaitListening();
        }
        host.dropPageCache();
        long reads = reads(host);
        assertThat(NfsTree.run(60, "readblocks", url, "/warm/file", Integer.toString(BLOCKS)).out()).isEqualTo(before);
        return reads(host) - reads;
    }

    private static long reads(Host host) {
        long reads = 0;
        for (JsonNode disk : host.controller().path("disks")) {
            reads += disk.path("reads").asLong();
        }
        return reads;
    }
}
