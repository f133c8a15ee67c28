package hearth.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: a host that runs keeps its guests from the machine and says how, dumps no users' data, and fills no disk with
/// logs. Method: a real host, looked at through /proc; guests that are made to crash.
class ConfinementTest {
    private static final int CRASHES = 6;
    private static final long LOG_BYTES = 64L << 10;

    @Test
    void noCoreDumpHoldsTheRegionAndNoOtherProcessOfTheUserReadsIt() throws IOException {
        try (var host = Host.up("cores")) {
            long guest = host.controller().path("pid").asLong();
            for (long pid : List.of(guest, host.domain0Pid())) {
                assertThat(Path.of("/proc/" + pid + "/limits")).content().containsPattern("Max core file size +0 +0 ");
            }
            Map<String, List<String>> ofHost = regionMappings(host.domain0Pid());
            assertThat(ofHost).containsOnlyKeys("control", "guest", "cache", "rings");
            assertThat(ofHost.values()).allSatisfy(flags -> assertThat(flags).contains("dd"));
            if (isRoot()) {
                assertThat(canBeReadByAPeer(guest)).isFalse();
                Process peer = new ProcessBuilder(peer("sleep", "60")).start();
                try {
                    Awaitility.await().until(() -> canBeReadByAPeer(peer.pid()));
                } finally {
                    peer.destroyForcibly();
                }
                // Closed to others: only root may look.
                Map<String, List<String>> ofGuest = regionMappings(guest);
                assertThat(ofGuest).containsOnlyKeys("control", "guest", "cache", "rings");
                assertThat(ofGuest.values()).allSatisfy(flags -> assertThat(flags).contains("dd"));
                assertThat(ofGuest.get("control")).as("read only, and never to be more").doesNotContain("wr", "mw");
                assertThat(ofHost.get("control")).contains("wr");
            } else {
                assertThat(Files.isReadable(Path.of("/proc/" + guest + "/maps"))).isFalse();
            }
        }
    }

    /// As a sibling would: with the same user, root or not, and no more rights than a guest has.
    private static boolean canBeReadByAPeer(long pid) {
        return Command.run(10, peer("cat", "/proc/" + pid + "/maps")).exit() == 0;
    }

    private static List<String> peer(String... command) {
        List<String> line = List.of("setpriv", "--bounding-set=-all,+dac_read_search", "--inh-caps=-all");
        return Command.join(line, command);
    }

    /// The kernel's flags of each mapping of a region's files; those that all mappings of a file share.
    private static Map<String, List<String>> regionMappings(long pid) throws IOException {
        var mappings = new HashMap<String, List<String>>();
        String file = "";
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps"), StandardCharsets.ISO_8859_1)) {
            if (line.matches("^[0-9a-f]+-[0-9a-f]+ .*")) {
                file = line.contains("/memfd:hearth-a-") ? line.replaceAll(".*/memfd:hearth-a-([a-z]+).*", "$1") : "";
            } else if (line.startsWith("VmFlags:") && !file.isEmpty()) {
                List<String> flags = List.of(line.substring("VmFlags:".length()).strip().split(" "));
                var shared = new ArrayList<>(mappings.getOrDefault(file, flags));
                shared.retainAll(flags);
                mappings.put(file, shared);
            }
        }
        return mappings;
    }

    private static boolean isRoot() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .anyMatch(line -> line.matches("Uid:\\t0\\t.*"));
    }

    @Test
    void statusSaysWhatTheKernelGrantsAndWhenItGrantsNothing() {
        try (var host = Host.up("granted")) {
            String granted = host.controller().path("confinement").asText();
            assumeTrue(!granted.startsWith("none"), granted);
            assertThat(granted).startsWith("landlock abi ");
            assertThat(host.hearth("status").expect(0).out()).contains("confined  " + granted);
        }
        try (var host = Host.withJavaOptions("bare", "-Dhearth.test.landlock-abi=0")) {
            String none = "none: this kernel has no Landlock or it is switched off,"
                    + " which leaves files, TCP and signals open";
            assertThat(host.controller().path("confinement").asText()).isEqualTo(none);
            assertThat(host.hearth("status").expect(0).out()).contains("confined  " + none);
        }
    }

    @Test
    void aGuestThatCrashesAgainAndAgainFillsNoDisk() throws Exception {
        Path folder = Files.createTempDirectory(Host.scratch(), "logs-");
        Path config = folder.resolve("host.yaml");
        Files.writeString(config, """
                controllers:
                  - name: a
                    disks: [{size: 64MiB}, {size: 64MiB}]
                    memory: {cache: 16MiB, log: 8MiB}
                    restart: {failed-start-ms: 0}
                logs: {size: 64KiB, kept: 2}
                """);
        try (var host = Host.upOn(folder.resolve("data"), config.toString())) {
            Path logs = host.data().resolve("logs");
            for (int crash = 0; crash < CRASHES; crash++) {
                long guest = host.controller().path("pid").asLong();
                // A report of some hundred lines, in the guest's log.
                Command.done(10, "kill", "-SEGV", Long.toString(guest));
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                    long now = host.controller().path("pid").asLong();
                    return now != guest && now != 0;
                });
                host.awaitListening();
            }
            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(
                    () -> assertThat(Files.size(logs.resolve("guest-a.log"))).isLessThanOrEqualTo(LOG_BYTES));
            try (var files = Files.list(logs)) {
                assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("guest-")))
                        .contains("guest-a.log", "guest-a.log.1")
                        .isSubsetOf("guest-a.log", "guest-a.log.1", "guest-a.log.2");
            }
            String newest = Files.readString(logs.resolve("guest-a.log"), StandardCharsets.ISO_8859_1)
                    + Files.readString(logs.resolve("guest-a.log.1"), StandardCharsets.ISO_8859_1);
            assertThat(newest).contains("SIGSEGV");
            assertThat(host.controller().path("state").asText()).isEqualTo("LISTENING");
        } finally {
            Host.deleteTree(folder);
            Files.deleteIfExists(folder.resolve("data.log"));
        }
    }
}
