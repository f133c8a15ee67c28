package hearth.system.boot;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.memory.log.LogArea;
import hearth.memory.region.Area;
import hearth.memory.region.Counter;
import hearth.memory.region.NoisePart;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionNoise;
import hearth.system.rehearsal.NfsClient;
import hearth.system.rehearsal.RehearsalGuest;
import hearth.system.rehearsal.RehearsalHost;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: whatever is overwritten in the region while no guest runs is noticed, counted and never served: a frame is
/// read from the disks, a checkpoint slot replaced by the other one or by a conventional boot, a flushed record fetched
/// from the journal, an index entry ignored, an answer forgotten; a record that was not flushed is a declared loss.
/// Method: rounds of changes, a death, noise by seed and the next guest; after each, everything is read and compared
/// with a model.
class NoiseTest {
    private static final RegionGeometry GEOMETRY = new RegionGeometry(
            4L * Units.MIB, 2L * Units.MIB, 16, 1024, 1024, 64, 2L * Units.MIB, 64 * Units.KIB, 4096);
    private static final int ROUNDS = Boolean.getBoolean("hearth.full") ? 600 : 60;
    private static final int LOSSES = Boolean.getBoolean("hearth.full") ? 200 : 25;
    private static final int PLACES_MAX = 40;
    /// Enough to fill the index with what was never put.
    private static final int INDEX_TIMES = 20;
    private static final int FILES = 12;
    private static final int BLOCKS_MAX = 12;
    private static final int STATUS_EXISTS = 17;

    private final long seed = Long.getLong("hearth.seed", 1);
    private final Random random = new Random(seed);
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final TreeMap<String, Made> folders = new TreeMap<>();
    private final Map<NoisePart, Integer> strikes = new EnumMap<>(NoisePart.class);
    private RehearsalHost host;
    private LogArea log;
    private int xid = 1;

    /// A directory whose making may be repeated: who asked, and the first answer.
    private record Made(int xid, byte[] handle, int round) {}

    @BeforeEach
    void makeHost() throws IOException {
        System.out.println("seed of the noise: " + seed);
        host = new RehearsalHost(GEOMETRY, new SplittableRandom(seed));
        log = new LogArea(host.region().area(Area.LOG).memory(), GEOMETRY.logHalfBytes(), host.region().instance());
    }

    @AfterEach
    void closeHost() {
        host.close();
    }

    private interface Calls {
        void run(NfsClient client, byte[] root) throws IOException;
    }

    private void with(RehearsalGuest guest, Calls calls) throws IOException {
        try (NfsClient client = guest.connect(xid)) {
            calls.run(client, client.mount(RehearsalHost.EXPORT));
            xid = client.xid() + 100;
        }
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private void change(NfsClient client, byte[] root, int round) throws IOException {
        String name = "file" + random.nextInt(FILES);
        if (!files.containsKey(name)) {
            client.create(root, name);
            files.put(name, new byte[0]);
        }
        switch (random.nextInt(6)) {
            case 0 -> {
                client.remove(root, name);
                files.remove(name);
            }
            case 1 -> {
                String other = "file" + random.nextInt(FILES);
                client.rename(root, name, root, other);
                byte[] moved = files.remove(name);
                files.put(other, moved);
            }
            case 2 -> {
                String folder = "folder" + folders.size();
                int asked = client.xid();
                folders.put(folder, new Made(asked, client.makeDirectory(root, folder), round));
            }
            default -> write(client, client.lookup(root, name), name, random.nextInt(3));
        }
    }

    private long write(NfsClient client, byte[] file, String name, int stable) throws IOException {
        byte[] data = bytes(1 + random.nextInt(3 * Units.BLOCK_SIZE));
        int offset = random.nextInt(BLOCKS_MAX * Units.BLOCK_SIZE);
        byte[] before = files.get(name);
        byte[] after = Arrays.copyOf(before, Math.max(before.length, offset + data.length));
        System.arraycopy(data, 0, after, offset, data.length);
        long verifier = client.write(file, offset, data, stable);
        files.put(name, after);
        return verifier;
    }

    private void compare(RehearsalGuest guest) throws IOException {
        with(guest, (client, root) -> {
            List<String> names = new ArrayList<>(files.keySet());
            names.addAll(folders.keySet());
            assertThat(client.list(root)).containsExactlyInAnyOrderElementsOf(names);
            for (var file : files.entrySet()) {
                assertThat(client.read(client.lookup(root, file.getKey()), 0, Units.MIB)).as(file.getKey())
                        .isEqualTo(file.getValue());
            }
        });
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(condition);
    }

    private void awaitFlushed() {
        await(() -> host.control().flushedLsn() >= log.committedLsn());
    }

    private List<Long> strike(NoisePart part, int round) {
        List<Long> struck = new RegionNoise(host.region(), seed * 1_000_003 + round * 31L + part.ordinal())
                .strike(part, (1 + random.nextInt(PLACES_MAX)) * (part == NoisePart.INDEX ? INDEX_TIMES : 1));
        strikes.merge(part, struck.size(), Integer::sum);
        return struck;
    }

    private long counter(Counter counter) {
        return host.region().heartbeat().counter(counter);
    }

    @Test
    void whatIsStruckIsNoticedCountedAndNeverServed() throws Exception {
        List<NoisePart> parts = new ArrayList<>(List.of(NoisePart.values()));
        parts.remove(NoisePart.LOG_TAIL);
        Map<Counter, Long> counted = new EnumMap<>(Counter.class);
        long damaged = 0;
        int conventional = 0;
        int forgetful = -1;
        int forgotten = 0;
        RehearsalGuest guest = new RehearsalGuest(host);
        for (int round = 0; round < ROUNDS; round++) {
            int now = round;
            with(guest, (client, root) -> {
                for (int i = 0; i < 6; i++) {
                    change(client, root, now);
                }
            });
            if (random.nextInt(3) == 0) {
                guest.consistencyPoint(round);
            }
            awaitFlushed();
            guest.die();
            for (NoisePart part : parts) {
                if (random.nextInt(2) == 0) {
                    List<Long> struck = strike(part, round);
                    damaged += part == NoisePart.LOG
                            ? struck.stream().filter(lsn -> lsn > log.durableLsn()).count() : 0;
                    forgetful = part == NoisePart.DUPLICATES ? round : forgetful;
                }
            }
            guest = new RehearsalGuest(host);
            assertThat(guest.listening()).as(() -> "round " + now + ": " + host).isPresent();
            conventional += guest.listening().get().plan().equals("ConventionalBoot") ? 1 : 0;
            forgotten += repeat(guest, round, forgetful);
            compare(guest);
            assertThat(host.region().verifier().lossCount()).as("losses, round %d", round).isZero();
            awaitCounters();
            for (Counter counter : List.of(Counter.LOG_RECORDS_FETCHED, Counter.CACHE_REFUSED,
                    Counter.CHECKPOINT_REFUSED, Counter.DUPLICATES_REFUSED)) {
                counted.merge(counter, counter(counter), Long::sum);
            }
        }
        guest.stop();
        System.out.println("struck " + strikes + ", counted " + counted + ", needed records damaged " + damaged
                + ", conventional boots " + conventional + ", answers forgotten " + forgotten);
        // Not all: a hit on a record's count of deaths changes nothing.
        assertThat(counted.get(Counter.LOG_RECORDS_FETCHED)).isBetween(damaged * 9 / 10, damaged).isPositive();
        assertThat(counted.get(Counter.CACHE_REFUSED)).isPositive();
        assertThat(counted.get(Counter.CHECKPOINT_REFUSED)).isPositive();
        assertThat(counted.get(Counter.DUPLICATES_REFUSED)).isPositive();
        assertThat(conventional).isPositive();
    }

    /// The heartbeat has copied what the guest counted until now.
    private void awaitCounters() {
        long beats = host.region().heartbeat().sequence();
        await(() -> host.region().heartbeat().sequence() > beats + 1);
    }

    /// Asks again for directories made lately: the first answer, or, if noise has struck answers since, that the
    /// directory exists. Says how often that was.
    private int repeat(RehearsalGuest guest, int round, int forgetful) throws IOException {
        int[] forgotten = {0};
        with(guest, (client, root) -> {
            int next = client.xid();
            for (var folder : folders.entrySet()) {
                Made made = folder.getValue();
                if (made.round() < round - 2) {
                    continue;
                }
                client.setXid(made.xid());
                try {
                    assertThat(client.makeDirectory(root, folder.getKey())).isEqualTo(made.handle());
                } catch (IOException e) {
                    assertThat(e).hasMessageEndingWith("failed: " + STATUS_EXISTS);
                    assertThat(made.round()).as("no noise since %s", made).isLessThanOrEqualTo(forgetful);
                    forgotten[0]++;
                }
            }
            client.setXid(next);
        });
        return forgotten[0];
    }

    @Test
    void whatIsStruckBeforeItWasFlushedIsADeclaredLossOfThatAndWhatCameAfter() throws Exception {
        RehearsalGuest guest = new RehearsalGuest(host);
        with(guest, (client, root) -> {
            for (int i = 0; i < 3; i++) {
                client.create(root, "file" + i);
                files.put("file" + i, new byte[0]);
            }
        });
        int losses = 0;
        for (int round = 0; round < LOSSES; round++) {
            // Nothing can be appended while a loss is being made durable; that is over when a stable call has answered.
            with(guest, (client, root) -> client.setMode(client.lookup(root, "file0"), 0644));
            awaitFlushed();
            host.setFlushing(false);
            var states = new TreeMap<Long, TreeMap<String, byte[]>>();
            states.put(log.committedLsn(), new TreeMap<>(files));
            long[] verifier = {0};
            with(guest, (client, root) -> {
                for (int i = 0; i < 8; i++) {
                    String name = "file" + random.nextInt(3);
                    verifier[0] = write(client, client.lookup(root, name), name, 0);
                    states.put(log.committedLsn(), new TreeMap<>(files));
                }
            });
            guest.die();
            List<Long> struck = new RegionNoise(host.region(), seed * 77 + round)
                    .strike(NoisePart.LOG_TAIL, 1 + random.nextInt(2));
            long lost = struck.isEmpty() ? Long.MAX_VALUE : struck.getFirst();
            long before = host.region().verifier().lossCount();
            guest = new RehearsalGuest(host);
            assertThat(guest.listening()).as("round %d", round).isPresent();
            boolean declared = host.region().verifier().lossCount() > before;
            assertThat(counter(Counter.LOG_LOSSES)).isEqualTo(host.region().verifier().lossCount());
            if (declared) {
                losses++;
                files.clear();
                files.putAll(states.lowerEntry(lost).getValue());
            }
            compare(guest);
            if (declared) {
                guest.awaitEvent("log.loss-declared from_lsn=" + lost);
            }
            host.setFlushing(true);
            with(guest, (client, root) -> assertThat(client.commit(client.lookup(root, "file0")) != verifier[0])
                    .as("another write verifier").isEqualTo(declared));
        }
        guest.stop();
        System.out.println(losses + " losses declared of " + LOSSES);
        // Not all: a hit on a record's count of deaths changes nothing.
        assertThat(losses).isGreaterThan(LOSSES * 3 / 4);
    }
}
