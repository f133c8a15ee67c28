package hearth.nmodule.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Export;
import hearth.cf.Export.Squash;
import hearth.cf.FileHandle;

import static hearth.nmodule.nfs.TestClient.args;
import static org.assertj.core.api.Assertions.assertThat;

/// Goal: MOUNT gives handles to those who may have them, and the rules of an export bind every call.
/// Method: real sockets from 127.0.0.1; exports changed behind the server's back and refreshed.
class ExportRulesTest {
    private static final int MNT = 1;
    private static final int DUMP = 2;
    private static final int UMNT = 3;
    private static final int UMNTALL = 4;
    private static final int EXPORT = 5;
    private static final FileHandle ROOT = MemoryTree.ROOT;

    private TestServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        client = server.client();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void anExportIsMountedByItsPath() throws IOException {
        for (String path : List.of("/vol0", "/vol0/", "/vol0//")) {
            var in = mount(path, 0);
            assertThat(TestClient.handle(in)).isEqualTo(ROOT);
            assertThat(in.getInt()).as("one flavor").isEqualTo(1);
            assertThat(in.getInt()).as("AUTH_SYS").isEqualTo(1);
            TestClient.end(in);
        }
        for (String path : List.of("", "/", "vol0", "/vol", "/vol00", "/VOL0")) {
            TestClient.end(mount(path, 2));
        }
    }

    @Test
    void directoriesBelowAnExportAreMounted() throws IOException {
        var directory = made(9, args().fh(ROOT).s("d").raw(new byte[24]));
        var below = made(9, args().fh(directory).s("e").raw(new byte[24]));
        made(8, args().fh(ROOT).s("f").i(0).raw(new byte[24]));
        assertThat(TestClient.handle(mount("/vol0/d", 0))).isEqualTo(directory);
        assertThat(TestClient.handle(mount("/vol0/d//./e/", 0))).isEqualTo(below);
        mount("/vol0/x", 2);
        mount("/vol0/f", 20);
        mount("/vol0/f/x", 20);
        mount("/vol0/d/..", 13);
        mount("/vol0/" + "n".repeat(256), 63);
    }

    @Test
    void aClientThatIsNotAdmittedGetsNothingByMountOrByHandle() throws IOException {
        export(false, Squash.NONE, "10.0.0.0/8", "fd00::/8");
        TestClient.end(mount("/vol0", 13));
        TestClient.end(client.nfsFails(1, args().fh(ROOT), 13));
        client.nfsFails(3, args().fh(ROOT).s("x"), 13);
        client.nfsFails(12, args().fh(ROOT).s("x"), 13);
        export(false, Squash.NONE, "10.0.0.0/8", "127.0.0.0/24");
        mount("/vol0", 0);
        client.nfsOk(1, args().fh(ROOT));
    }

    @Test
    void aClientListThatCannotBeReadAdmitsNobody() throws IOException {
        export(false, Squash.NONE, "everybody", "127.0.0.1/33", "127.0.0.1/x");
        mount("/vol0", 13);
    }

    @Test
    void rootIsSquashedAndItsGroupsWithIt() throws IOException {
        export(false, Squash.ROOT);
        client.credentials = TestClient.unix(0, 0, 0, 5);
        caller(65534, 65533, 65533, 5);
        client.credentials = TestClient.unix(7, 0, 4, 0);
        caller(7, 65533, 4, 65533);
        client.credentials = TestClient.unix(7, 8, 9);
        caller(7, 8, 9);
        client.credentials = TestClient.none();
        caller(65534, 65533);
    }

    @Test
    void everybodyOrNobodyIsSquashed() throws IOException {
        export(false, Squash.ALL);
        client.credentials = TestClient.unix(7, 8, 9);
        caller(65534, 65533);
        export(false, Squash.NONE);
        client.credentials = TestClient.unix(0, 0, 0, 9);
        caller(0, 0, 0, 9);
        client.credentials = TestClient.none();
        caller(65534, 65533);
    }

    @Test
    void aReadOnlyExportAllowsNoChanges() throws IOException {
        export(true, Squash.NONE);
        var in = client.nfsFails(9, args().fh(ROOT).s("d").raw(new byte[24]), 30);
        assertThat(in.getInt()).isZero();
        TestClient.postOp(in);
        assertThat(server.tree.lastCaller.orElseThrow().readOnly()).isTrue();
        in = client.nfsOk(4, args().fh(ROOT).i(0x3F));
        TestClient.postOp(in);
        assertThat(in.getInt()).as("READ, LOOKUP, EXECUTE").isEqualTo(0x23);
    }

    @Test
    void withoutAListOfExportsClientsAreToldToComeAgain() throws IOException {
        server.tree.instead = request -> request instanceof CfRequest.ListExports
                ? Optional.of(CfReply.Failed.of(CfStatus.TRY_LATER))
                : Optional.empty();
        client.nfsFails(1, args().fh(ROOT), 10008);
        mount("/vol0", 10006);
        server.tree.instead = _ -> Optional.empty();
        client.nfsOk(1, args().fh(ROOT));
    }

    @Test
    void anExportThatEndsMakesItsHandlesStale() throws IOException {
        client.nfsOk(1, args().fh(ROOT));
        server.tree.exports = List.of();
        client.nfsOk(1, args().fh(ROOT));
        server.server.refreshExports();
        client.nfsFails(1, args().fh(ROOT), 70);
    }

    @Test
    void exportsAndMountsAreShown() throws IOException {
        server.tree.exports = List.of(
                new Export("/vol0", ROOT, false, List.of("127.0.0.1", "10.0.0.0/8"), Squash.NONE, 1, 1),
                new Export("/größe", ROOT, false, List.of(), Squash.NONE, 1, 1));
        server.server.refreshExports();
        for (int version : new int[] {1, 3}) {
            var in = client.call(TestClient.MOUNT, version, EXPORT, args());
            assertThat(in.getInt()).isEqualTo(1);
            assertThat(text(in)).isEqualTo("/vol0");
            assertThat(in.getInt()).isEqualTo(1);
            assertThat(text(in)).isEqualTo("127.0.0.1");
            assertThat(in.getInt()).isEqualTo(1);
            assertThat(text(in)).isEqualTo("10.0.0.0/8");
            assertThat(in.getInt()).isZero();
            assertThat(in.getInt()).isEqualTo(1);
            assertThat(text(in)).isEqualTo("/größe");
            assertThat(in.getLong()).isZero();
            TestClient.end(in);
        }
        mount("/größe", 0);
        mount("/vol0", 0);
        mount("/vol0", 0);
        assertThat(mounts()).isEqualTo("127.0.0.1:/größe 127.0.0.1:/vol0 ");
        TestClient.end(client.call(TestClient.MOUNT, 3, UMNT, args().s("/größe")));
        assertThat(mounts()).isEqualTo("127.0.0.1:/vol0 ");
        TestClient.end(client.call(TestClient.MOUNT, 3, UMNTALL, args()));
        assertThat(mounts()).isEmpty();
        TestClient.end(client.call(TestClient.MOUNT, 3, 0, args()));
    }

    @Test
    void listsThatDoNotFitAreCut() throws IOException {
        var clients = Collections.nCopies(300, "192.168.100.100/32");
        server.tree.exports = IntStream.range(0, 40)
                .mapToObj(i -> new Export("/vol" + i, ROOT, false, clients, Squash.NONE, 1, 1))
                .toList();
        server.server.refreshExports();
        var in = client.call(TestClient.MOUNT, 3, EXPORT, args());
        int exports = 0;
        while (in.getInt() == 1) {
            assertThat(text(in)).isEqualTo("/vol" + exports++);
            int groups = 0;
            while (in.getInt() == 1) {
                text(in);
                groups++;
            }
            assertThat(groups).isEqualTo(300);
        }
        TestClient.end(in);
        assertThat(exports).isBetween(5, 39);
    }

    @Test
    void addressBlocksContainWhatTheyShould() {
        assertThat(contains("192.168.1.0/24", 192, 168, 1, 255)).isTrue();
        assertThat(contains("192.168.1.0/24", 192, 168, 2, 0)).isFalse();
        assertThat(contains("192.168.1.128/25", 192, 168, 1, 127)).isFalse();
        assertThat(contains("192.168.1.128/25", 192, 168, 1, 200)).isTrue();
        assertThat(contains("0.0.0.0/0", 1, 2, 3, 4)).isTrue();
        assertThat(contains("10.1.2.3", 10, 1, 2, 3)).isTrue();
        assertThat(contains("10.1.2.3", 10, 1, 2, 4)).isFalse();
        assertThat(contains("::ffff:10.0.0.0/104", 10, 1, 2, 4)).isTrue();
        assertThat(contains("::/0", 10, 1, 2, 4)).as("IPv4 is not IPv6").isFalse();
        assertThat(contains("::1/128", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)).isTrue();
        assertThat(contains("fd00::/8", 0xfd, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)).isTrue();
        assertThat(contains("10.0.0.0/8", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 9, 8, 7))
                .as("mapped").isTrue();
        var notBlocks = List.of(
                "", "/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/33", "::/129", "host/8", "1.2.3.4/8/8");
        for (String bad : notBlocks) {
            assertThat(ClientBlock.parse(bad)).as(bad).isEmpty();
        }
    }

    private static boolean contains(String block, int... address) {
        var bytes = new byte[address.length];
        for (int i = 0; i < address.length; i++) {
            bytes[i] = (byte) address[i];
        }
        return ClientBlock.parse(block).orElseThrow().contains(ClientBlock.normalized(bytes));
    }

    private void caller(int uid, int gid, int... groups) throws IOException {
        client.nfsOk(1, args().fh(ROOT));
        var caller = server.tree.lastCaller.orElseThrow();
        assertThat(caller.uid()).isEqualTo(uid);
        assertThat(caller.gid()).isEqualTo(gid);
        assertThat(caller.groups()).isEqualTo(groups);
    }

    private void export(boolean readOnly, Squash squash, String... clients) {
        server.tree.exports = List.of(new Export("/vol0", ROOT, readOnly, List.of(clients), squash, 65534, 65533));
        server.server.refreshExports();
    }

    private ByteBuffer mount(String path, int status) throws IOException {
        var in = client.call(TestClient.MOUNT, 3, MNT, args().s(path));
        assertThat(in.getInt()).as(path).isEqualTo(status);
        return in;
    }

    private FileHandle made(int procedure, TestClient.Args args) throws IOException {
        var in = client.nfsOk(procedure, args);
        assertThat(in.getInt()).isEqualTo(1);
        return TestClient.handle(in);
    }

    private String mounts() throws IOException {
        var in = client.call(TestClient.MOUNT, 3, DUMP, args());
        var text = new StringBuilder();
        while (in.getInt() == 1) {
            text.append(text(in)).append(':').append(text(in)).append(' ');
        }
        TestClient.end(in);
        return text.toString();
    }

    private static String text(ByteBuffer in) {
        return new String(TestClient.opaque(in), StandardCharsets.UTF_8);
    }
}
