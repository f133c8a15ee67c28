package hearth.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: what a client holds means the same after every restart: file handles, the place in a listing; and the write
/// verifier is another one exactly when the host has started again. Method: calls one by one, with a death or a host's
/// end between two of them.
class ClientStateTest {
    private static final int NAMES = 1200;
    private static final int PIECE_BYTES = 4096;
    private static final int PIECES_BETWEEN = 4;
    private static final byte[] BYTES = Scripts.bytes(7, 5000);

    private static Host host;
    private static byte[] directory;
    private static final List<String> NAMED = new ArrayList<>();
    private static int other;

    @BeforeAll
    static void up() throws Exception {
        host = Host.up("client-state");
        try (var client = new RawNfs(host)) {
            directory = client.makeDirectory(client.mount("/vol0"), "many");
            for (int i = 0; i < NAMES; i++) {
                NAMED.add("name" + i);
                client.create(directory, "name" + i);
            }
        }
    }

    @AfterAll
    static void down() {
        host.close();
    }

    private static void killGuest(boolean conventional) {
        long before = host.controller().path("incarnation").asLong();
        host.order("/v1/controllers/a/kill?conventional=" + conventional);
        Awaitility.await().until(() -> host.controller().path("incarnation").asLong() > before);
        host.awaitListening();
    }

    /// All names, once each, with `restart` between some pieces, and names that come and go.
    private static int list(boolean plus, Runnable restart) throws Exception {
        var names = new ArrayList<String>();
        int restarts = 0;
        try (var client = new RawNfs(host)) {
            RawNfs.Listing piece = client.list(directory, plus, PIECE_BYTES);
            for (int pieces = 1;; pieces++) {
                names.addAll(piece.names());
                if (piece.end()) {
                    break;
                }
                if (pieces % PIECES_BETWEEN == 0) {
                    restart.run();
                    restarts++;
                    client.create(directory, "other" + other++);
                }
                piece = client.list(directory, plus, PIECE_BYTES, piece);
            }
        }
        names.removeIf(name -> !name.startsWith("name"));
        assertThat(names).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(names)).isEqualTo(new TreeSet<>(NAMED));
        return restarts;
    }

    @Test
    void aListingGoesOnWhereItWasAfterEachDeath() throws Exception {
        assertThat(list(false, () -> killGuest(false))).as("deaths").isGreaterThan(1);
        assertThat(list(true, () -> killGuest(other % 2 == 0))).as("deaths").isGreaterThan(1);
    }

    @Test
    void theVerifierChangesWithTheHostsStartsAndHandlesAndPlacesStay() throws Exception {
        byte[] file;
        var verifiers = new ArrayList<Long>();
        try (var client = new RawNfs(host)) {
            file = client.create(directory, "written");
            verifiers.add(client.write(file, 0, BYTES));
            killGuest(false);
            assertThat(client.commit(file)).as("after a guest's death").isEqualTo(verifiers.getFirst());
        }
        List<HostsEnd> ends = List.of(() -> assertThat(host.down().exit()).isZero(), host::killHost, host::killHost);
        for (HostsEnd end : ends) {
            restartHostWhileListing(end);
            try (var client = new RawNfs(host)) {
                assertThat(client.read(file, 0, BYTES.length)).isEqualTo(BYTES);
                verifiers.add(client.commit(file));
            }
        }
        assertThat(verifiers).as("verifiers of four hosts").doesNotHaveDuplicates();
    }

    @FunctionalInterface
    private interface HostsEnd {
        void come() throws Exception;
    }

    private static void restartHostWhileListing(HostsEnd end) throws Exception {
        var names = new ArrayList<String>();
        RawNfs.Listing piece;
        try (var client = new RawNfs(host)) {
            piece = client.list(directory, true, 8 * PIECE_BYTES);
        }
        assertThat(piece.end()).isFalse();
        end.come();
        host.upAgain();
        try (var client = new RawNfs(host)) {
            for (names.addAll(piece.names()); !piece.end(); names.addAll(piece.names())) {
                piece = client.list(directory, true, 8 * PIECE_BYTES, piece);
            }
        }
        names.removeIf(name -> !name.startsWith("name"));
        assertThat(names).doesNotHaveDuplicates().hasSize(NAMES);
    }
}
