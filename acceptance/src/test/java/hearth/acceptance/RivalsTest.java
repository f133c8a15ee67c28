package hearth.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: two clients that change the same objects see one order of all changes, also around deaths of the guest: no
/// block and no attribute ever goes back to an older value, no rename and no exclusive create is done twice or lost.
/// Method: two `nfstree rival` log each call with its beginning and end while the guest is killed; then the logs are
/// held against all orders that could explain them.
class RivalsTest {
    private static final int SECONDS = Boolean.getBoolean("hearth.full") ? 120 : 7;
    private static final long KILL_INTERVAL_MS = 600;
    private static final int RENAMES_LEAST = 2;

    private final Map<Long, RegisterHistory> registers = new TreeMap<>();
    private final Set<Long> tails = new HashSet<>();
    private final Map<Long, Integer> winners = new TreeMap<>();
    private final Set<Long> tried = new HashSet<>();
    private int forth;
    private int back;
    private long calls;

    @BeforeEach
    void clientIsThere() {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
    }

    @Test
    void twoClientsSeeOneOrderOfAllChangesAroundDeaths() throws Exception {
        String seed = Long.toString(Long.getLong("hearth.seed", 1) & 0xffffff);
        System.out.println("seed of the rivals: " + seed);
        List<Path> logs = List.of(Host.scratch().resolve("rival-0.log"), Host.scratch().resolve("rival-1.log"));
        try (var host = Host.up("rivals")) {
            String url = host.url();
            List<Process> rivals = new ArrayList<>();
            for (int who = 0; who < 2; who++) {
                rivals.add(NfsTree.start(logs.get(who), "rival", url, "/rivals", Integer.toString(who), seed,
                        Integer.toString(SECONDS)));
            }
            for (int who = 0; who < 2; who++) {
                NfsTree.awaitBegun(rivals.get(who), logs.get(who));
            }
            int kills = 0;
            while (rivals.stream().anyMatch(Process::isAlive)) {
                // A while of work each: a guest that dies young again and again is not started any more.
                host.awaitListening();
                Awaitility.await().pollDelay(KILL_INTERVAL_MS, TimeUnit.MILLISECONDS).until(() -> true);
                host.killGuest();
                kills++;
            }
            for (int who = 0; who < 2; who++) {
                assertThat(rivals.get(who).waitFor(60, TimeUnit.SECONDS)).isTrue();
                String log = Files.readString(logs.get(who));
                assertThat(rivals.get(who).exitValue()).as(log.substring(Math.max(0, log.length() - 500))).isZero();
                read(log);
            }
            host.awaitListening();
            System.out.println(calls + " calls, " + kills + " kills, " + forth + " renames forth, " + back + " back, "
                    + winners.size() + " exclusive creates");
            registers.forEach((register, history) ->
                    assertThat(history.complaint()).as("register %d", register).isEmpty());
            checkNames(host);
            checkTail(host);
        }
    }

    /// One line for each call: see `rival` in nfstree.c.
    private void read(String log) {
        for (String line : log.lines().toList()) {
            String[] words = line.split(" ");
            calls++;
            switch (words[0]) {
                case "w" -> register(words[1]).wrote(number(words[2]), number(words[3]), number(words[4]));
                case "r" -> register(words[1]).read(number(words[2]), number(words[3]), number(words[4]));
                case "a" -> tails.add(number(words[1]));
                case ">" -> forth++;
                case "<" -> back++;
                case "!" -> winners.merge(number(words[1]), 1, Integer::sum);
                case "=" -> tried.add(number(words[1]));
                case "begun" -> calls--;
                default -> throw new AssertionError(line);
            }
        }
    }

    private RegisterHistory register(String number) {
        return registers.computeIfAbsent(number(number), _ -> new RegisterHistory());
    }

    private static long number(String word) {
        return Long.parseLong(word);
    }

    /// Renames forth and back take turns, so their numbers say where the token is; of two that create the same name one
    /// wins.
    private void checkNames(Host host) {
        Set<String> names = new HashSet<>();
        NfsTree.run(60, "manifest", host.url(), "/rivals").out().lines()
                .forEach(line -> names.add(line.substring(0, line.indexOf(' '))));
        assertThat(forth + back).isGreaterThan(RENAMES_LEAST);
        assertThat(forth - back).as("renames forth over renames back").isBetween(0, 1);
        assertThat(names).contains(forth > back ? "/token.b" : "/token.a")
                .doesNotContain(forth > back ? "/token.a" : "/token.b");
        assertThat(winners.values()).as("winners of each name").containsOnly(1);
        assertThat(winners.keySet()).containsAll(tried);
        winners.keySet().forEach(name -> assertThat(names).contains(String.format("/x%05d", name)));
    }

    /// Each block of the file that both append to is one that somebody wrote, whole, or was never written.
    private void checkTail(Host host) throws IOException {
        Path copy = Host.scratch().resolve("tail");
        Files.deleteIfExists(copy);
        Command.done(60, "nfs-cp", host.url("/rivals/tail"), copy.toString());
        var bytes = java.nio.ByteBuffer.wrap(Files.readAllBytes(copy)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        Files.delete(copy);
        assertThat(bytes.remaining() % 4096).isZero();
        while (bytes.hasRemaining()) {
            long version = bytes.getInt(bytes.position());
            assertThat(version == 0 || tails.contains(version)).as("version %x", version).isTrue();
            for (int i = 0; i < 1024; i++) {
                assertThat((long) bytes.getInt()).as("word %d", i).isEqualTo(version);
            }
        }
    }
}
