package hearth.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final int SAMPLE_OF_CONSISTENCY_POINT = 10;
    private static final int SAMPLE_OF_BOOT = 3;
    private static final int SAMPLE_OF_FIRST_STARTS = 2;
    private static final int SAMPLE_OF_ADMINISTRATION = 3;
    private static final int SAMPLE_OF_LEAVING = 1;
    private static final int SAMPLE_OF_MENDING = 6;
    private static final int ALL_RECORDS = 1000;
    /// Of these every store has its death, whenever the tests run.
    private static final Set<String> ALWAYS = Set.of("log", "index", "frame", "checkpoint", "counters");

    /// What a mutation stores.
    private static final String OF_CALLS = "log+index";
    /// What a consistency point stores, but for log and index, of which each script's last one has the deaths.
    private static final String OF_CONSISTENCY_POINT = "consistency-point+root+duplicates+frame+ring";
    private static final String OF_READS = "frame";
    private static final String OF_BOOT = "checkpoint+counters+root+consistency-point+label";
    private static final String OF_REPLAY = "log+index+root";
    private static final String OF_MENDING = "log";
    private static final String OF_ADMINISTRATION = "counters+checkpoint+root";
    private static final String OF_LEAVING = "counters+checkpoint+label";
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

    /// Every record of the log is damaged, and the journal has them: a guest dies while it puts one back.
    @Test
    void theMendingOfTheLogMayEndAtAnyStore() {
        long logBytes = host.logBytes();
        mend("trace");
        assertThat(host.recordsFetched()).as("records put back").isPositive();
        List<String> stores = told(OF_MENDING, logBytes);
        var mending = new ArrayList<String>();
        stores.forEach(store -> mending.add(store.contains("LogMender") ? "mending" : store));
        assertThat(Collections.frequency(mending, "mending")).as("stores of mending").isGreaterThan(SAMPLE_OF_MENDING);
        for (int store : chooseOnly(mending, "mending", SAMPLE_OF_MENDING)) {
            die(stores, store, () -> mend(Integer.toString(store)));
        }
    }

    /// A sample of one kind of stores; all of them with `--full`.
    private static List<Integer> chooseOnly(List<String> stores, String kind, int size) {
        var all = new ArrayList<Integer>();
        for (int number = 1; number <= stores.size(); number++) {
            if (stores.get(number - 1).equals(kind)) {
                all.add(number);
            }
        }
        Collections.shuffle(all, new Random(seed()));
        return FULL ? all : all.subList(0, size);
    }

    private static boolean mend(String at) {
        MutationRound round = newRound();
        Scripts.few(round);
        int incarnation = host.incarnation();
        host.orderNoise("log:" + seed() % 1000 + ':' + ALL_RECORDS);
        host.orderNext(OF_MENDING + ':' + at);
        host.nextGuest(false);
        round.repeatAll();
        boolean died = host.incarnation() > incarnation + 1;
        consistencyPoint(round);
        round.repeatAll();
        return died;
    }

    /// The host asks the successor, so that the administrator is answered whoever dies.
    @Test
    void aChangeOfAnExportMayEndAtAnyStore() {
        long logBytes = host.logBytes();
        administer("trace");
        List<String> stores = told(OF_ADMINISTRATION, logBytes);
        assertThat(stores).anyMatch(store -> store.startsWith("counters "));
        for (int store : choose(stores, Set.of("counters"), SAMPLE_OF_ADMINISTRATION)) {
            die(stores, store, () -> administer(Integer.toString(store)));
        }
        if (host.access()) {
            assertThat(host.setAccess(false)).isTrue();
        }
    }

    private static boolean administer(String at) {
        host.settle();
        boolean wanted = !host.access();
        int incarnation = host.incarnation();
        host.orderNext(OF_ADMINISTRATION + ':' + at);
        host.nextGuest(false);
        assertThat(host.setAccess(wanted)).as("the change is answered").isTrue();
        assertThat(host.access()).isEqualTo(wanted);
        boolean died = host.incarnation() > incarnation + 1;
        host.nextGuest(false);
        assertThat(host.access()).as("after another death").isEqualTo(wanted);
        host.nextGuest(true);
        assertThat(host.access()).as("what the disks say").isEqualTo(wanted);
        return died;
    }

    @Test
    void theFirstStartMayEndAtAnyStore() {
        List<String> stores;
        try (var first = MortalHost.up("first", Optional.of(OF_FIRST_START + ":trace"), "")) {
            stores = first.stores(0);
        }
        System.out.println("sample " + stores.size() + " stores of " + OF_FIRST_START);
        for (int store : choose(stores, Set.of(), SAMPLE_OF_FIRST_STARTS)) {
            try (var again = MortalHost.up("first", Optional.of(OF_FIRST_START + ':' + store), "");
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

    /// A disk fails, and its member leaves the mirror: mark, labels of those that remain, checkpoint. Each on a host of
    /// its own, for a member that has left does not come back.
    @Test
    void aMemberMayLeaveTheMirrorAtAnyStore() throws Exception {
        List<String> stores = leave("trace");
        System.out.println("sample " + stores.size() + " stores of " + OF_LEAVING);
        assertThat(stores).anyMatch(store -> store.startsWith("checkpoint "));
        assertThat(stores).anyMatch(store -> store.startsWith("label "));
        for (int store : choose(stores, Set.of("counters"), SAMPLE_OF_LEAVING)) {
            try {
                leave(Integer.toString(store));
            } catch (AssertionError e) {
                throw new AssertionError("death at store " + store + ", " + stores.get(store - 1), e);
            }
        }
    }

    private static List<String> leave(String at) throws Exception {
        Path failed = Host.scratch().resolve("leave.failed");
        Files.deleteIfExists(failed);
        try (var one = MortalHost.up("leave", Optional.empty(),
                " -Dhearth.test.failing-disk=a-disk1.img:" + failed);
                var caller = one.client(); var other = one.client()) {
            one.settle();
            one.orderNext(OF_LEAVING + ':' + at);
            one.nextGuest(false);
            int armed = one.incarnation();
            var round = new MutationRound(caller, other, caller.mount("/vol0"), "leave", 1, () -> {});
            Scripts.few(round);
            Files.createFile(failed);
            one.settle();
            round.repeatAll();
            List<String> stores = one.stores(0);
            assertThat(one.incarnation() > armed).as("a death").isEqualTo(stores.isEmpty());
            assertThat(one.isDegraded()).isTrue();
            one.nextGuest(false);
            round.repeatAll();
            one.nextGuest(true);
            assertThat(one.isDegraded()).as("what the labels say").isTrue();
            round.repeatAll();
            return stores;
        } finally {
            Files.deleteIfExists(failed);
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
