package hearth.acceptance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// One client's calls in a directory of its own, under a guest that may die at any of them. Each call is sent until it
/// is answered, and once more. Every time: the second answer is the first one byte for byte; what a client sees after
/// a death is what was there before the interrupted call or what is there after it; and in the end all calls are
/// repeated, and nothing changes.
final class MutationRound {
    private final RepeatingClient client;
    private final RepeatingClient looker;
    private final byte[] root;
    private final byte[] directory;
    private final Runnable revive;
    private final List<byte[]> calls = new ArrayList<>();
    private final List<byte[]> answers = new ArrayList<>();
    private final List<Map<String, String>> shapes = new ArrayList<>();
    private Snapshot now;
    private Optional<String> died = Optional.empty();
    private int xid;

    /// Makes the directory `name`. The calls have numbers from `firstXid` on, which nobody uses twice. `revive` runs
    /// when a call's connection ended: a successor may have to be started.
    MutationRound(RepeatingClient client, RepeatingClient looker, byte[] root, String name, int firstXid,
            Runnable revive) {
        this.revive = revive;
        this.client = client;
        this.looker = looker;
        this.root = root;
        xid = firstXid;
        ByteBuffer made = RepeatingClient.results(client.call(message(Nfs.MKDIR, Nfs.named(root, name)
                .raw(Nfs.attributes(0755)))));
        assertThat(made.getInt()).as("directory of the round").isZero();
        directory = Nfs.made(made);
        now = Snapshot.of(looker, directory);
    }

    byte[] directory() {
        return directory;
    }

    /// Where the guest died first, if it has: the call's name.
    Optional<String> died() {
        return died;
    }

    void died(String where) {
        died = died.or(() -> Optional.of(where));
    }

    /// What was there after each call, without what differs from run to run.
    List<Map<String, String>> shapes() {
        return shapes;
    }

    private byte[] message(int procedure, Xdr arguments) {
        xid++;
        return RepeatingClient.message(xid, RepeatingClient.NFS, procedure, arguments);
    }

    /// Says that counting begins: a call that changes nothing, with a number that the guest was told.
    void begin(int beginXid) {
        client.call(RepeatingClient.message(beginXid, RepeatingClient.NFS, Nfs.GETATTR, new Xdr().opaque(root)));
    }

    /// One call, of which `status` is expected; what follows the status in its answer.
    ByteBuffer step(String what, int status, int procedure, Xdr arguments) {
        byte[] message = message(procedure, arguments);
        Snapshot before = now;
        Optional<Snapshot> afterDeath = Optional.empty();
        byte[] answer;
        try {
            answer = client.tryCall(message);
        } catch (IOException death) {
            died(what);
            revive.run();
            afterDeath = Optional.of(Snapshot.of(looker, directory));
            answer = client.call(message);
        }
        assertThat(client.call(message)).as("%s: the same answer to its repeat", what).isEqualTo(answer);
        now = Snapshot.of(looker, directory);
        if (afterDeath.isPresent()) {
            assertThat(afterDeath.get()).as("%s: state before or after", what).isIn(before, now);
        }
        if (procedure != Nfs.COMMIT) {
            // Its answer shows the file as it is, whenever it is asked.
            calls.add(message);
            answers.add(answer);
        }
        shapes.add(now.shape());
        ByteBuffer results = RepeatingClient.results(answer);
        assertThat(results.getInt()).as(what).isEqualTo(status);
        return results;
    }

    /// The handle of a name in the directory.
    byte[] lookup(String name) {
        ByteBuffer results = RepeatingClient.results(looker.call(RepeatingClient.message(
                2, RepeatingClient.NFS, Nfs.LOOKUP, Nfs.named(directory, name))));
        assertThat(results.getInt()).as("LOOKUP of %s", name).isZero();
        return Xdr.opaque(results);
    }

    /// Reads a file whole and compares.
    void read(byte[] file, byte[] expected) {
        ByteBuffer results = RepeatingClient.results(looker.call(RepeatingClient.message(
                2, RepeatingClient.NFS, Nfs.READ, new Xdr().opaque(file).l(0).i(2 * expected.length))));
        assertThat(results.getInt()).as("READ").isZero();
        results.position(results.limit() - Integer.BYTES - (expected.length + 3 & ~3));
        assertThat(Xdr.opaque(results)).isEqualTo(expected);
    }

    long changeTime(byte[] file) {
        return Nfs.changeTime(looker, file);
    }

    /// Everything once more: the same answers, and nothing changes.
    void repeatAll() {
        repeatCalls();
        assertUnchanged();
    }

    /// Every call that was answered, once more: the same answer.
    void repeatCalls() {
        for (int i = 0; i < calls.size(); i++) {
            assertThat(client.call(calls.get(i))).as("repeat of call %d", i).isEqualTo(answers.get(i));
        }
    }

    void assertUnchanged() {
        assertThat(Snapshot.of(looker, directory)).isEqualTo(now);
    }
}
