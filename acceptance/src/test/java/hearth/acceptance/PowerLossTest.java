package hearth.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: what was acknowledged as stable survives the host's power loss.
/// Method: disks and journal stand behind a volatile write cache in domain 0's heap, of which some blocks reach the
/// files by seed and out of order; `kill -9` of domain 0 under a load of stable changes is then a power loss. One set
/// of disks goes through all of them in turn, and through all tempers of the cache.
class PowerLossTest {
    private static final int POWER_LOSSES = Boolean.getBoolean("hearth.full") ? 400 : 50;

    @BeforeEach
    void clientIsThere() {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
    }

    @Test
    void everyStableChangeIsThereAfterEachPowerLoss() throws Exception {
        long seed = Long.getLong("hearth.seed", 1);
        System.out.println("seed of the power losses: " + seed);
        try (var host = Host.withJavaOptions("power", volatileDisks(seed))) {
            Path log = Host.scratch().resolve("pledge.log");
            for (int loss = 0; loss < POWER_LOSSES; loss++) {
                String folder = "/pledge" + loss;
                Process pledge =
                        NfsTree.start(log, "pledge", host.url(), folder, Long.toString(seed + loss), "60");
                // The moment of the loss moves over the load by seed: 100 to 900 ms after its first change.
                org.awaitility.Awaitility.await().until(() -> !pledge.isAlive() || Files.size(log) > 0);
                pledge.waitFor(100 + Math.floorMod((seed + loss) * 7919, 800), TimeUnit.MILLISECONDS);
                assertThat(pledge.isAlive()).as(Files.readString(log)).isTrue();
                host.killHost();
                pledge.destroyForcibly().waitFor();
                host.javaOptions(volatileDisks(seed + loss + 1));
                host.upAgain();
                NfsTree.run(60, "redeem", host.url(), folder, log.toString());
            }
            host.down();
            host.verify().expect(0);
        }
    }

    private static String volatileDisks(long seed) {
        return "-Dhearth.test.volatile-disks=" + seed;
    }
}
