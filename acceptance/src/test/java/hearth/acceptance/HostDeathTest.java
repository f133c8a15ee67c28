package hearth.acceptance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: domain 0 may die at any store to the journal's files and to the labels of new disks: the next `up` serves all
/// that was acknowledged as stable, and repeated calls get their first answers, as far back as the journal reaches.
/// Method: the host kills itself at the store of a chosen number, counted from its start, its disks and journal behind
/// a volatile cache, so that it is a power loss too. A first run tells which stores there are.
class HostDeathTest {
    private static final int SAMPLE = Boolean.getBoolean("hearth.full") ? Integer.MAX_VALUE : 3;
    private static final String GROUPS = "journal+label";

    @Test
    void domain0MayDieAtAnyStoreToJournalAndLabels() throws Exception {
        long seed = Long.getLong("hearth.seed", 1);
        System.out.println("seed of the host's deaths: " + seed);
        List<String> stores = trial("trace", seed, List.of());
        System.out.println("sample " + stores.size() + " stores of " + GROUPS);
        assertThat(stores).hasSizeGreaterThan(20);
        var numbers = new ArrayList<Integer>();
        for (int number = 1; number <= stores.size(); number++) {
            numbers.add(number);
        }
        Collections.shuffle(numbers, new Random(seed));
        for (int number : numbers.subList(0, Math.min(SAMPLE, numbers.size()))) {
            trial(Integer.toString(number), seed + number, stores);
        }
    }

    private static void revive(Host host) {
        try {
            host.awaitEnd();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        host.upAgain();
    }

    /// One round of changes, all of which are there afterwards. Domain 0 also stores what nobody waits for, and so it
    /// may die between two calls.
    private static void round(
            RepeatingClient client, RepeatingClient looker, int number, Runnable revive, AtomicBoolean died) {
        var begun = new AtomicReference<MutationRound>();
        try {
            var round = new MutationRound(
                    client, looker, client.mount("/vol0"), "round" + number, number * 1000, revive);
            begun.set(round);
            Scripts.prepareNames(round);
            Scripts.names(round);
            round.repeatAll();
        } catch (AssertionError e) {
            if (died.get() || !RepeatingClient.NO_ANSWER.equals(e.getMessage())) {
                throw e;
            }
            revive.run();
            if (begun.get() != null) {
                begun.get().repeatCalls();
            }
        }
    }

    private static int portOf(Host host, Runnable revive) {
        try {
            return MortalHost.portOf(host);
        } catch (AssertionError e) {
            // It died after it listened and before it could say where.
            revive.run();
            return MortalHost.portOf(host);
        }
    }

    /// One host's life, and its successor's; the stores that the first one told of.
    private static List<String> trial(String at, long seed, List<String> stores) throws Exception {
        String options = "-Dhearth.test.death-at=" + GROUPS + ':' + at + " -Dhearth.test.volatile-disks=" + seed;
        try (var host = Host.starting("host-death", options, MortalHost.config("host-death").toString())) {
            host.javaOptions("");
            var died = new AtomicBoolean(!host.listensBeforeItEnds());
            if (died.get()) {
                host.upAgain();
            }
            Runnable revive = () -> {
                died.set(true);
                revive(host);
            };
            int port = portOf(host, revive);
            try (var client = new RepeatingClient(port); var looker = new RepeatingClient(port)) {
                // A later host may make fewer commits of the same calls.
                for (int n = 1; n == 1 || !died.get() && !stores.isEmpty(); n++) {
                    round(client, looker, n, revive, died);
                }
            }
            return MortalHost.stores(host.log(), 0);
        } catch (AssertionError e) {
            String where = stores.isEmpty() ? "" : ", like " + stores.get(Integer.parseInt(at) - 1);
            throw new AssertionError("death at store " + at + where, e);
        }
    }
}
