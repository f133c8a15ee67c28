package hearth.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: what is overwritten in a controller's memory while its guest is dead is noticed, counted and never served; a
/// flushed record comes back from the journal, an unflushed one is a loss that clients see by the write verifier.
/// Method: real processes; domain 0 strikes by seed between a death and the next start. The breadth of seeds is in
/// `guest/system` NoiseTest.
class NoiseTest {
    private static final int ROUNDS = Boolean.getBoolean("hearth.full") ? 60 : 5;
    private static final int LOSS_ROUNDS_MAX = 10;
    private static final long WORK_MS = 700;
    private static final int BLOCKS = 40;
    private static final int FILE_BLOCKS = 500;
    private static final String CONFIG = """
            controllers:
              - name: a
                guest:
                  consistency-point-interval-ms: 500
            """;
    private static final int BLOCK = 4096;
    /// Not answers: a churn that repeats a call whose answer is forgotten is told what it does not expect.
    private static final List<String> PARTS = List.of("frames", "checkpoint", "log", "index", "session");

    private final long seed = Long.getLong("hearth.seed", 1) & 0xffffff;
    private Path orders;

    @BeforeEach
    void clientIsThere() throws IOException {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
        System.out.println("seed of the noise: " + seed);
        orders = Host.scratch().resolve("noise");
        Files.deleteIfExists(orders);
    }

    private static long counter(Host host, String name) {
        return host.controller().path("counters").path(name).asLong();
    }

    /// The orders stand there at once and whole.
    private void order(String lines) throws IOException {
        Path written = Files.writeString(orders.resolveSibling("noise.new"), lines);
        Files.move(written, orders, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aClientSeesNothingOfNoiseThatStrikesWhatIsFlushed() throws Exception {
        var random = new Random(seed);
        Path config = Files.writeString(Host.scratch().resolve("noise.yaml"), CONFIG);
        try (var host = Host.starting("noise", "-Dhearth.test.noise=" + orders, config.toString())) {
            host.awaitListening();
            String file = putFile(host);
            Path log = Host.scratch().resolve("noise-churn.log");
            int seconds = (int) (ROUNDS * (WORK_MS + 1500) / 1000);
            Process churn = NfsTree.start(log, "churn", host.url(), "/churn", Long.toString(seed),
                    Integer.toString(seconds));
            NfsTree.awaitBegun(churn, log);
            int fetched = 0;
            int conventional = 0;
            int refusedFrames = 0;
            int refusedSlots = 0;
            for (int round = 0; round < ROUNDS; round++) {
                Awaitility.await().pollDelay(WORK_MS, TimeUnit.MILLISECONDS).until(() -> true);
                var lines = new StringBuilder();
                for (String part : PARTS) {
                    // The log in each round, the others by chance.
                    if (part.equals("log") || random.nextInt(3) != 0) {
                        lines.append(part).append(':').append(seed + round).append(':').append(200).append('\n');
                    }
                }
                order(lines.toString());
                long before = host.controller().path("incarnation").asLong();
                host.killGuest();
                Awaitility.await().until(() -> host.controller().path("incarnation").asLong() > before);
                host.awaitListening();
                assertThat(orders).as("noise has struck").doesNotExist();
                fetched += (int) counter(host, "logRecordsFetched");
                refusedSlots += (int) counter(host, "checkpointRefused");
                conventional += host.controller().path("plan").asText().equals("ConventionalBoot") ? 1 : 0;
                assertThat(counter(host, "logLosses")).isZero();
                assertThat(blocks(host)).isEqualTo(file);
                refusedFrames += (int) counter(host, "cacheRefused");
            }
            assertThat(churn.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(churn.exitValue()).as(Files.readString(log)).isZero();
            System.out.println(Files.readString(log).strip() + "; " + fetched + " records fetched, " + refusedSlots
                    + " slots refused, " + conventional + " conventional boots, " + refusedFrames + " frames refused");
            assertThat(fetched).as("records from the journal").isPositive();
            assertThat(refusedFrames).as("frames").isPositive();
            assertThat(refusedSlots).as("checkpoint slots").isPositive();
            assertThat(conventional).as("conventional boots").isPositive();
            assertThat(host.events()).anyMatch(event -> event.path("name").asText().equals("log.records-fetched"));
        }
    }

    /// Puts a file that consistency points bring to the disks and into the cache; what its blocks should be.
    private String putFile(Host host) throws IOException {
        Path tree = Files.createTempDirectory(Host.scratch(), "noise-tree");
        byte[] bytes = new byte[FILE_BLOCKS * BLOCK];
        new Random(seed).nextBytes(bytes);
        Files.write(tree.resolve("file"), bytes);
        NfsTree.run(60, "put", host.url(), tree.toString(), "/tree");
        Host.deleteTree(tree);
        return blocks(host);
    }

    private static String blocks(Host host) {
        return NfsTree.run(60, "readblocks", host.url(), "/tree/file", Integer.toString(FILE_BLOCKS)).out();
    }

    @Test
    void whatIsStruckBeforeItWasFlushedChangesTheVerifierThatClientsSee() throws Exception {
        try (var host = Host.withJavaOptions("loss", "-Dhearth.test.noise=" + orders)) {
            boolean lost = false;
            for (int round = 0; round < LOSS_ROUNDS_MAX && !lost; round++) {
                lost = isLost(host, "file" + round);
            }
            assertThat(lost).as("a loss in " + LOSS_ROUNDS_MAX + " rounds").isTrue();
            assertThat(host.events()).anyMatch(event -> event.path("name").asText().equals("log.loss-declared"));
        }
    }

    /// Writes, kills with noise in what is not flushed yet, and looks: what is there is what was written, up to some
    /// block, and only with another verifier it is not all.
    private boolean isLost(Host host, String name) throws Exception {
        byte[] file;
        long verifier = 0;
        JsonNode before = host.controller();
        try (var client = new RawNfs(host)) {
            file = client.create(client.mount("/vol0"), name);
            order("log-tail:" + seed + ":1000\n");
            for (int block = 0; block < BLOCKS; block++) {
                verifier = client.write(file, (long) block * BLOCK, block(name, block));
            }
            host.killGuest();
        }
        Awaitility.await().until(() -> host.controller().path("incarnation").asLong()
                > before.path("incarnation").asLong());
        host.awaitListening();
        long losses = counter(host, "logLosses");
        boolean declared = losses > before.path("counters").path("logLosses").asLong();
        try (var client = new RawNfs(host)) {
            byte[] found = client.read(file, 0, BLOCKS * BLOCK);
            System.out.println(name + ": " + found.length / BLOCK + " of " + BLOCKS + " blocks, " + losses
                    + " losses, " + counter(host, "logRecordsFetched") + " records fetched");
            for (int block = 0; block < found.length / BLOCK; block++) {
                assertThat(Arrays.copyOfRange(found, block * BLOCK, (block + 1) * BLOCK)).as("block %d", block)
                        .isEqualTo(block(name, block));
            }
            assertThat(found.length < BLOCKS * BLOCK).as("something is missing").isEqualTo(declared);
            assertThat(client.commit(file) != verifier).as("another verifier").isEqualTo(declared);
            // The client does what the verifier asks of it.
            for (int block = found.length / BLOCK; block < BLOCKS; block++) {
                client.write(file, (long) block * BLOCK, block(name, block));
            }
            client.commit(file);
            assertThat(client.read(file, 0, BLOCKS * BLOCK)).hasSize(BLOCKS * BLOCK);
        }
        return declared;
    }

    private static byte[] block(String name, int block) {
        byte[] bytes = new byte[BLOCK];
        new Random(name.hashCode() * 1000L + block).nextBytes(bytes);
        return bytes;
    }
}
