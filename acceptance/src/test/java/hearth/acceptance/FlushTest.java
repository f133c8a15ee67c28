package hearth.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: no flush can be left out, and with all of them the power may go just before any of them.
/// Method: disks and journal stand behind a volatile write cache; the host ends when the flush after the one in
/// question is asked for, and of what is not flushed chance keeps some, some of it torn. Each trial runs once as things
/// are, where the next start must serve all that was acknowledged, and with the flush in question ignored, where some
/// seed must make it fail.
///
/// Not here: the flushes by which a damaged journal file is rebuilt from the other. They guard against losing that
/// other one while the power goes, which is a second fault.
class FlushTest {
    private static final int TRIALS = 4;
    private static final int CONTROLS = Boolean.getBoolean("hearth.full") ? 20 : 1;
    private static final String CONFIG = """
            controllers:
              - name: a
                guest:
                  consistency-point-interval-ms: 300
            """;

    /// What the volatile cache does with blocks that are not flushed: lose them, keep the last of them only, tear them,
    /// or leave it to chance. The order is that of its seeds.
    private enum Temper {
        LAZY,
        LATEST,
        TEARING,
        HASTY;

        int seed(int trial) {
            return trial * values().length + ordinal();
        }
    }

    /// Flushes by their numbers in the life of a first host, and the temper that shows what they are good for. The
    /// numbers follow from what a host does: the label of a new disk (0), then the guest's blocks of a new file system
    /// (1), its root (2), the label that says so, in front (3) and at the back (4), and of each consistency point its
    /// blocks (5, 7, …) and its root (6, 8, …). Flushes 1 and 4 guard what the next one guards again.
    private record Flush(String use, int first, int last, Temper temper, String what) {
        @Override
        public String toString() {
            return use + ' ' + first + ", " + what;
        }
    }

    private static final List<Flush> FLUSHES = List.of(
            new Flush("disk", 0, 0, Temper.LAZY, "the label of a new disk"),
            new Flush("disk", 2, 2, Temper.LATEST, "the root of a new file system"),
            new Flush("disk", 3, 3, Temper.TEARING, "the front copy of a label"),
            new Flush("disk", 7, 7, Temper.LATEST, "the blocks of a consistency point"),
            new Flush("disk", 8, 8, Temper.LAZY, "the root of a consistency point"),
            new Flush("journal", 0, 0, Temper.LAZY, "the header of a new journal"),
            new Flush("journal", 8, 40, Temper.LAZY, "records of the log"));

    static Stream<Flush> flushes() {
        return FLUSHES.stream();
    }

    @BeforeEach
    void clientIsThere() {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
    }

    @ParameterizedTest
    @MethodSource("flushes")
    void eachFlushIsNeeded(Flush flush) throws Exception {
        for (int i = 0; i < CONTROLS; i++) {
            // The temper in question first, then every other.
            int seed = flush.temper.seed(1) + i;
            assertThat(loss(flush, seed, false)).as("power lost after %s, seed %d", flush, seed).isEmpty();
        }
        Optional<String> complaint = Optional.empty();
        int trial = 0;
        while (complaint.isEmpty() && ++trial <= TRIALS) {
            complaint = loss(flush, flush.temper.seed(trial), true);
        }
        assertThat(complaint).as("flush %s left out", flush).isNotEmpty();
        System.out.println("sample " + flush + " left out, trial " + trial + ": " + complaint.get());
    }

    /// Loses the power at the flush after this one; what is wrong at the next start, if anything is.
    private static Optional<String> loss(Flush flush, int seed, boolean ignored) throws Exception {
        String options = "-Dhearth.test.volatile-disks=" + seed
                + " -Dhearth.test.power-loss=" + flush.use + ':' + (flush.last + 1)
                + (ignored
                        ? " -Dhearth.test.ignored-flushes=" + flush.use + ':' + flush.first + '-' + flush.last
                        : "");
        Path config = Files.writeString(Host.scratch().resolve("flush.yaml"), CONFIG);
        Path log = Host.scratch().resolve("flush-pledge.log");
        try (var host = Host.starting("flush", options, config.toString())) {
            boolean served = host.listensBeforeItEnds();
            if (served) {
                Process pledge = NfsTree.start(log, "pledge", host.url(), "/pledge", Integer.toString(seed), "60");
                try {
                    host.awaitEnd();
                } finally {
                    pledge.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
                }
            }
            host.javaOptions("");
            host.startAgain();
            if (!host.listensBeforeItEnds()) {
                return Optional.of(host.output().lines().filter(line -> line.startsWith("hearth: "))
                        .reduce((_, last) -> last).orElse("the controller does not start"));
            }
            if (served && Files.readString(log).lines().anyMatch(line -> !line.startsWith("?"))) {
                Command redeem = NfsTree.tried(60, "redeem", host.url(), "/pledge", log.toString());
                if (redeem.exit() != 0) {
                    return Optional.of(redeem.err().strip());
                }
            }
            host.killHost();
            return Optional.empty();
        }
    }
}
