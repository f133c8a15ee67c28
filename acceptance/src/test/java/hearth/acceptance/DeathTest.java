package hearth.acceptance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a guest may die at any of its stores: what was acknowledged is there, what was not is there or not, whole,
/// and a repeated call has one effect and the first answer.
/// Method: guests kill themselves with SIGKILL at the store of a chosen number (`hearth.test.death-at`). A first run
/// tells which stores a script makes; then it runs once for each of them, or for a sample by seed. `MutationRound` does
/// the checks.
class DeathTest {
    private static final boolean FULL = Boolean.getBoolean("hearth.full");
    private static final int POINTS_MAX = 20;
    private static final int SAMPLE_OF_CONSISTENCY_POINT = 20;
    private static final int SAMPLE_OF_BOOT = 6;
    private static final int SAMPLE_OF_FIRST_STARTS = 2;
    /// Of these every store has its death, whenever the tests run.
    private static final Set<String> ALWAYS = Set.of("log", "index", "frame", "checkpoint", "counters");

    /// What a mutation stores.
    private static final String OF_CALLS = "log+index";
    /// What a consistency point stores, but for log and index, of which each script's last one has the deaths.
    private static final String OF_CONSISTENCY_POINT = "consistency-point+root+duplicates+frame+ring+reservations";
    private static final String OF_READS = "frame";
    private static final String OF_BOOT = "checkpoint+counters+root+consistency-point+label";
    private static final String OF_REPLAY = "log+index+root+reservations";
    private static final String OF_FIRST_START = "label+root+consistency-point+checkpoint+counters+log+index";

    /// What a trial is given while nobody dies.
    private static final Runnable TRACED = () -> {};

    private static MortalHost host;
    private static RepeatingClient client;
    private static RepeatingClient looker;
    private static byte[] root;
    private static int rounds;

    @BeforeAll
    static void up() {
        System.out.println("seed of the sampled deaths: " + seed());
        host = MortalHost.up("death");
        client = host.client();
        looker = host.client();
        root = client.mount("/vol0");
    }

    @AfterAll
    static void down() {
        client.close();
        looker.close();
        host.close();
    }

    private static long seed() {
        return Long.getLong("hearth.seed", 1);
    }

    @Test
    void everyChangeOfANameHappensOnceWhateverStoreTheGuestDiesAt() {
        dieAtEachStore(OF_CALLS, began -> callsAndConsistencyPoint(Scripts::prepareNames, Scripts::names, began));
    }

    @Test
    void everyChangeOfAFileHappensOnceWhateverStoreTheGuestDiesAt() {
        dieAtEachStore(OF_CALLS, began -> callsAndConsistencyPoint(Scripts::prepareData, Scripts::data, began));
    }

    @Test
    void aFrameMayBeLeftAtAnyStore() {
        byte[] other = Scripts.fileLargerThanTheCache(client, root);
        dieAtEachStore(OF_READS, began -> readCold(other, began));
        host.assertNoFrameWasRefused();
    }

    /// One trial after the other, each with the guest that follows the death before. A trial runs what it is given when
    /// the counting has begun.
    private static void dieAtEachStore(String groups, Function<Runnable, MutationRound> trial) {
        long logBytes = host.logBytes();
        host.orderNext(groups + ":trace@" + nextXid());
        host.nextGuest(false);
        List<Map<String, String>> shapes = trial.apply(TRACED).shapes();
        List<String> stores = told(groups, logBytes);
        host.orderNext(groups + ":1@" + nextXid());
        host.nextGuest(false);
        for (int store = 1; store <= stores.size(); store++) {
            int afterThis = store + 1;
            die(stores, store, () -> {
                MutationRound round =
                        trial.apply(() -> host.orderNext(groups + ':' + afterThis + '@' + nextXid()));
                assertThat(round.shapes()).as("what a run without a death comes to").isEqualTo(shapes);
                return round.died().isPresent();
            });
        }
        host.orderNothing();
    }

    private static MutationRound callsAndConsistencyPoint(
            Consumer<MutationRound> prepare, Consumer<MutationRound> script, Runnable began) {
        MutationRound round = newRound();
        prepare.accept(round);
        host.settle();
        round.begin(rounds * 1000);
        began.run();
        script.accept(round);
        round.repeatAll();
        consistencyPoint(round);
        round.repeatAll();
        return round;
    }

    /// Reads blocks whose frames have been given to others, so that what an earlier trial left there is not by chance
    /// right.
    private static MutationRound readCold(byte[] other, Runnable began) {
        MutationRound round = newRound();
        int lost = looker.lost();
        Scripts.few(round);
        byte[] file = round.lookup("many");
        host.settle();
        Scripts.readWhole(looker, other);
        host.assertNoFrameWasRefused();
        round.begin(rounds * 1000);
        began.run();
        round.read(file, Scripts.FEW_BYTES);
        round.read(file, Scripts.FEW_BYTES);
        round.assertUnchanged();
        if (looker.lost() == lost && began != TRACED) {
            // Whether a hit stores depends on the hits before: the last store of the traced ones may need more reads.
            Scripts.readWhole(looker, other);
        }
        if (looker.lost() > lost) {
            round.died("READ");
        }
        return round;
    }

    @Test
    void aConsistencyPointMayEndAtAnyStore() {
        long logBytes = host.logBytes();
        armedConsistencyPoint("trace");
        List<String> stores = told(OF_CONSISTENCY_POINT, logBytes);
        for (int store : choose(stores, Set.of(), SAMPLE_OF_CONSISTENCY_POINT)) {
            die(stores, store, () -> armedConsistencyPoint(Integer.toString(store)));
        }
    }

    private static boolean armedConsistencyPoint(String at) {
        host.orderNext(OF_CONSISTENCY_POINT + ':' + at + '@' + nextXid());
        host.nextGuest(false);
        int armed = host.incarnation();
        MutationRound round = newRound();
        host.settle();
        Scripts.prepareData(round);
        Scripts.data(round);
        Scripts.few(round);
        round.begin(rounds * 1000);
        consistencyPoint(round);
        // It may make fewer stores than the one that was traced: another, by time, may have come before.
        for (int more = 0; more < POINTS_MAX && host.incarnation() == armed && !at.equals("trace"); more++) {
            Scripts.few(newRound());
            consistencyPoint(round);
        }
        round.repeatAll();
        host.settle();
        round.repeatAll();
        // Also between two calls, where no round notices.
        boolean died = host.incarnation() > armed;
        // What the disks say, not the region.
        host.nextGuest(true);
        round.repeatAll();
        return died;
    }

    /// One, that a death may interrupt; then one that is not.
    private static void consistencyPoint(MutationRound round) {
        if (!host.consistencyPoint()) {
            round.died("consistency point");
            host.settle();
        }
    }

    @Test
    void aBootThatProbesMayEndAtAnyStore() {
        dieInBoot(OF_BOOT, true);
    }

    @Test
    void aReplayMayEndAtAnyStore() {
        dieInBoot(OF_REPLAY, false);
    }

    private static void dieInBoot(String groups, boolean conventional) {
        long logBytes = host.logBytes();
        boot(groups, "trace", conventional);
        List<String> stores = told(groups, logBytes);
        for (int store : choose(stores, ALWAYS, SAMPLE_OF_BOOT)) {
            die(stores, store, () -> boot(groups, Integer.toString(store), conventional));
        }
    }

    private static boolean boot(String groups, String at, boolean conventional) {
        MutationRound round = newRound();
        Scripts.few(round);
        if (conventional) {
            host.settle();
        }
        int incarnation = host.incarnation();
        host.orderNext(groups + ':' + at);
        host.nextGuest(conventional);
        round.repeatAll();
        consistencyPoint(round);
        round.repeatAll();
        return host.incarnation() > incarnation + 1;
    }

    @Test
    void theFirstStartMayEndAtAnyStore() {
        List<String> stores;
        try (var first = MortalHost.up("first", Optional.of(OF_FIRST_START + ":trace"))) {
            stores = first.stores(0);
        }
        System.out.println("sample " + stores.size() + " stores of " + OF_FIRST_START);
        for (int store : choose(stores, Set.of(), SAMPLE_OF_FIRST_STARTS)) {
            try (var again = MortalHost.up("first", Optional.of(OF_FIRST_START + ':' + store));
                    var one = again.client(); var two = again.client()) {
                assertThat(again.incarnation()).as("incarnation after a death").isGreaterThan(1);
                var round = new MutationRound(one, two, one.mount("/vol0"), "first", 1, () -> {});
                Scripts.few(round);
                again.nextGuest(true);
                round.repeatAll();
                again.assertNothingWasLost();
            } catch (AssertionError e) {
                throw new AssertionError("death at store " + store + ", " + stores.get(store - 1), e);
            }
        }
    }

    /// One trial that should have a death in it; says whether it had.
    @FunctionalInterface
    private interface Trial {
        boolean run();
    }

    private static void die(List<String> stores, int store, Trial trial) {
        try {
            assertThat(trial.run()).as("a death").isTrue();
            host.assertNothingWasLost();
        } catch (AssertionError e) {
            throw new AssertionError("death at store " + store + ", " + stores.get(store - 1), e);
        }
    }

    private static List<String> told(String groups, long logBytes) {
        List<String> stores = host.stores(logBytes);
        System.out.println("sample " + stores.size() + " stores of " + groups);
        assertThat(stores).hasSizeGreaterThan(8);
        return stores;
    }

    /// Numbers of stores, ascending: all of the groups `always` and `size` others by seed; everything with `--full`.
    private static List<Integer> choose(List<String> stores, Set<String> always, int size) {
        var chosen = new TreeSet<Integer>();
        var others = new ArrayList<Integer>();
        for (int number = 1; number <= stores.size(); number++) {
            String group = stores.get(number - 1).split(" ")[0];
            (FULL || always.contains(group) ? chosen : others).add(number);
        }
        Collections.shuffle(others, new Random(seed()));
        chosen.addAll(others.subList(0, Math.min(size, others.size())));
        return List.copyOf(chosen);
    }

    private static int nextXid() {
        return (rounds + 1) * 1000;
    }

    private static MutationRound newRound() {
        rounds++;
        return new MutationRound(client, looker, root, "round" + rounds, rounds * 1000, () -> {});
    }
}
