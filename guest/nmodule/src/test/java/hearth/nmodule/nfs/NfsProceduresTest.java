package hearth.nmodule.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.nmodule.nfs.TestClient.Args;
import hearth.nmodule.nfs.TestClient.Fattr;

import static hearth.nmodule.nfs.TestClient.args;
import static org.assertj.core.api.Assertions.assertThat;

/// Goal: each of the 22 procedures reads and writes what RFC 1813 says, good and bad.
/// Method: a client of its own over real sockets; a small tree in memory answers.
class NfsProceduresTest {
    private static final int GETATTR = 1;
    private static final int SETATTR = 2;
    private static final int LOOKUP = 3;
    private static final int ACCESS = 4;
    private static final int READLINK = 5;
    private static final int READ = 6;
    private static final int WRITE = 7;
    private static final int CREATE = 8;
    private static final int MKDIR = 9;
    private static final int SYMLINK = 10;
    private static final int MKNOD = 11;
    private static final int REMOVE = 12;
    private static final int RMDIR = 13;
    private static final int RENAME = 14;
    private static final int LINK = 15;
    private static final int READDIR = 16;
    private static final int READDIRPLUS = 17;
    private static final int FSSTAT = 18;
    private static final int FSINFO = 19;
    private static final int PATHCONF = 20;
    private static final int COMMIT = 21;
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
    void nullAnswersNothing() throws IOException {
        TestClient.end(client.nfs(0, args()));
    }

    @Test
    void attributesAreReadAndSet() throws IOException {
        var file = create("f");
        var in = client.nfsOk(
                SETATTR,
                args().fh(file).i(1).i(0107777).i(1).i(11).i(1).i(12).i(1).l(5).i(2).i(-1).i(999_999_999).i(2).i(9)
                        .i(8).i(0));
        var after = TestClient.wcc(in);
        TestClient.end(in);
        in = client.nfsOk(GETATTR, args().fh(file));
        var read = TestClient.fattr(in);
        TestClient.end(in);
        assertThat(read).isEqualTo(after);
        assertThat(read.mode()).as("permissions only").isEqualTo(07777);
        assertThat(List.of(read.uid(), read.gid(), read.size(), read.modifyNs()))
                .isEqualTo(List.of(11, 12, 5L, 9_000_000_008L));
    }

    @Test
    void aGuardThatDoesNotMatchChangesNothing() throws IOException {
        var file = create("f");
        long changed = TestClient.fattr(client.nfsOk(GETATTR, args().fh(file))).changeNs();
        var guarded = args().fh(file).raw(nothing()).i(1);
        var in = client.nfsFails(SETATTR, guarded.i(1).i(2), 10002);
        TestClient.wcc(in);
        TestClient.end(in);
        int seconds = (int) (changed / 1_000_000_000);
        int nanoseconds = (int) (changed % 1_000_000_000);
        client.nfsOk(SETATTR, args().fh(file).raw(nothing()).i(1).i(seconds).i(nanoseconds));
    }

    @Test
    void lookupFindsAndFails() throws IOException {
        var file = create("f");
        var in = client.nfsOk(LOOKUP, args().fh(ROOT).s("f"));
        assertThat(TestClient.handle(in)).isEqualTo(file);
        assertThat(TestClient.postOp(in).type()).isEqualTo(1);
        assertThat(TestClient.postOp(in).type()).isEqualTo(2);
        TestClient.end(in);
        in = client.nfsFails(LOOKUP, args().fh(ROOT).s("g"), 2);
        assertThat(TestClient.postOp(in).type()).isEqualTo(2);
        TestClient.end(in);
        in = client.nfsFails(LOOKUP, args().fh(file).s("g"), 20);
        TestClient.postOp(in);
        assertThat(TestClient.handle(client.nfsOk(LOOKUP, args().fh(ROOT).s("..")))).isEqualTo(ROOT);
    }

    @Test
    void namesThatCannotBeAreRefused() throws IOException {
        var longest = "n".repeat(255);
        client.nfsFails(LOOKUP, args().fh(ROOT).s(""), 13);
        client.nfsFails(LOOKUP, args().fh(ROOT).s("a/b"), 13);
        client.nfsFails(LOOKUP, args().fh(ROOT).s("a\0b"), 13);
        client.nfsFails(LOOKUP, args().fh(ROOT).s(longest + "n"), 63);
        client.nfsFails(LOOKUP, args().fh(ROOT).s("n".repeat(10_000)), 63);
        client.nfsFails(LOOKUP, args().fh(ROOT).s(longest), 2);
        for (String dots : List.of(".", "..")) {
            client.nfsFails(CREATE, args().fh(ROOT).s(dots).i(0).raw(nothing()), 17);
            client.nfsFails(MKDIR, args().fh(ROOT).s(dots).raw(nothing()), 17);
            client.nfsFails(REMOVE, args().fh(ROOT).s(dots), 13);
            client.nfsFails(RENAME, args().fh(ROOT).s(dots).fh(ROOT).s("x"), 22);
            client.nfsFails(RENAME, args().fh(ROOT).s("x").fh(ROOT).s(dots), 22);
        }
        client.nfsFails(RMDIR, args().fh(ROOT).s("."), 22);
        client.nfsFails(RMDIR, args().fh(ROOT).s(".."), 17);
        byte[] bytes = {(byte) 0xFF, 1, (byte) 0x80};
        client.nfsOk(MKDIR, args().fh(ROOT).opaque(bytes).raw(nothing()));
        assertThat(((CfRequest.MakeDirectory) server.tree.lastRequest.orElseThrow()).name().bytes()).isEqualTo(bytes);
    }

    @Test
    void handlesThatAreNotOursAreBadAndGoneOnesStale() throws IOException {
        client.nfsFails(GETATTR, args().opaque(new byte[0]), 10001);
        client.nfsFails(GETATTR, args().opaque(new byte[28]), 10001);
        client.nfsFails(GETATTR, args().opaque(new byte[64]), 10001);
        byte[] padded = FileHandleLayout.encode(ROOT);
        padded[27] = 1;
        client.nfsFails(GETATTR, args().opaque(padded), 10001);
        client.nfsFails(GETATTR, args().fh(new FileHandle(1, MemoryTree.VOLUME, 1, 1)), 10001);
        client.nfsFails(GETATTR, args().fh(new FileHandle(MemoryTree.AGGREGATE, 8, 1, 1)), 70);
        client.nfsFails(GETATTR, args().fh(new FileHandle(MemoryTree.AGGREGATE, MemoryTree.VOLUME, 1, 2)), 70);
    }

    @Test
    void accessGrantsOfWhatWasAsked() throws IOException {
        var in = client.nfsOk(ACCESS, args().fh(ROOT).i(0x1F));
        TestClient.postOp(in);
        assertThat(in.getInt()).isEqualTo(0x1F);
        TestClient.end(in);
    }

    @Test
    void symbolicLinksAreMadeAndRead() throws IOException {
        var in = client.nfsOk(SYMLINK, args().fh(ROOT).s("l").raw(nothing()).s("../target"));
        var link = created(in, 5);
        in = client.nfsOk(READLINK, args().fh(link));
        TestClient.postOp(in);
        assertThat(TestClient.opaque(in)).asString(StandardCharsets.UTF_8).isEqualTo("../target");
        TestClient.end(in);
        client.nfsFails(READLINK, args().fh(ROOT), 22);
        var longest = created(client.nfsOk(SYMLINK, args().fh(ROOT).s("m").raw(nothing()).s("x".repeat(4096))), 5);
        in = client.nfsOk(READLINK, args().fh(longest));
        TestClient.postOp(in);
        assertThat(TestClient.opaque(in)).hasSize(4096);
        client.nfsFails(SYMLINK, args().fh(ROOT).s("n").raw(nothing()).s("x".repeat(4097)), 63);
    }

    @Test
    void dataIsWrittenAndReadWhateverItsLength() throws IOException {
        var random = new Random(7);
        var file = create("f");
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 4096, 70_001, Units.MIB - 1, Units.MIB}) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            var in = client.nfsOk(WRITE, args().fh(file).l(3).i(length).i(0).opaque(data));
            TestClient.wcc(in);
            assertThat(in.getInt()).isEqualTo(length);
            assertThat(in.getInt()).as("FILE_SYNC").isEqualTo(2);
            assertThat(in.getLong()).isEqualTo(MemoryTree.VERIFIER);
            TestClient.end(in);
            in = client.nfsOk(READ, args().fh(file).l(3).i(length));
            var attributes = TestClient.postOp(in);
            assertThat(in.getInt()).isEqualTo(length);
            assertThat(in.getInt()).isEqualTo(attributes.size() == 3 + length ? 1 : 0);
            assertThat(TestClient.opaque(in)).isEqualTo(data);
            TestClient.end(in);
        }
    }

    @Test
    void aLargeReadIsTheSameFromWhereverItsBytesAreSent() throws IOException {
        var file = create("f");
        byte[] data = new byte[Units.MIB];
        new Random(11).nextBytes(data);
        client.nfsOk(WRITE, args().fh(file).l(0).i(data.length).i(2).opaque(data));
        int before = server.tree.gathered;
        for (int count : new int[] {Units.MIB, 200_000, 200_001, 200_002, 200_003, 65_536, 65_535}) {
            var in = client.nfsOk(READ, args().fh(file).l(7).i(count));
            int found = Math.min(count, data.length - 7);
            TestClient.postOp(in);
            assertThat(in.getInt()).isEqualTo(found);
            assertThat(in.getInt()).isEqualTo(count == Units.MIB ? 1 : 0);
            assertThat(TestClient.opaque(in)).isEqualTo(Arrays.copyOfRange(data, 7, 7 + found));
            TestClient.end(in);
        }
        assertThat(server.tree.gathered - before).isEqualTo(6);
        assertThat(read(file, Units.MIB, Units.MIB)).isEmpty();
        client.nfsFails(READ, args().fh(ROOT).l(0).i(Units.MIB), 22);
    }

    @Test
    void readsBeyondTheEndAreEmptyAndLargerOnesAreCut() throws IOException {
        var file = create("f");
        byte[] data = new byte[Units.MIB];
        client.nfsOk(WRITE, args().fh(file).l(0).i(data.length).i(2).opaque(data));
        client.nfsOk(WRITE, args().fh(file).l(data.length).i(10).i(2).opaque(new byte[10]));
        assertThat(read(file, 0, Integer.MAX_VALUE)).hasSize(Units.MIB);
        assertThat(read(file, 0, -1)).hasSize(Units.MIB);
        assertThat(read(file, Units.MIB + 4L, 100)).hasSize(6);
        assertThat(read(file, 1L << 40, 100)).isEmpty();
        assertThat(read(file, -1, 100)).isEmpty();
        assertThat(read(file, Long.MAX_VALUE, 100)).isEmpty();
        client.nfsFails(READ, args().fh(ROOT).l(0).i(10), 22);
    }

    @Test
    void writesThatContradictThemselvesAreRefused() throws IOException {
        var file = create("f");
        client.nfsFails(WRITE, args().fh(file).l(0).i(5).i(0).opaque(new byte[4]), 22);
        client.nfsFails(WRITE, args().fh(file).l(0).i(3).i(0).opaque(new byte[4]), 22);
        client.nfsFails(WRITE, args().fh(file).l(-5).i(4).i(0).opaque(new byte[4]), 27);
        client.nfsFails(WRITE, args().fh(file).l(Long.MAX_VALUE - 3).i(4).i(0).opaque(new byte[4]), 27);
        var in = client.nfsFails(WRITE, args().fh(ROOT).l(0).i(4).i(0).opaque(new byte[4]), 22);
        assertThat(in.getInt()).as("no attributes from before").isZero();
        TestClient.postOp(in);
        TestClient.end(in);
        // Over wtmax, but within a record: the first 1 MiB is written, and the reply says so.
        in = client.nfsOk(WRITE, args().fh(file).l(0).i(Units.MIB + 8).i(0).opaque(new byte[Units.MIB + 8]));
        TestClient.wcc(in);
        assertThat(in.getInt()).isEqualTo(Units.MIB);
    }

    @Test
    void commitTakesAnyRange() throws IOException {
        var file = create("f");
        for (var range : List.of(args().l(0).i(0), args().l(7).i(9), args().l(-1).i(-1))) {
            var in = client.nfsOk(COMMIT, args().fh(file).raw(range.bytes()));
            assertThat(in.getInt()).isZero();
            TestClient.postOp(in);
            assertThat(in.getLong()).isEqualTo(MemoryTree.VERIFIER);
            TestClient.end(in);
        }
    }

    @Test
    void filesAreCreatedInAllThreeWays() throws IOException {
        var file = created(client.nfsOk(CREATE, args().fh(ROOT).s("f").i(0).raw(mode(0600))), 1);
        assertThat(created(client.nfsOk(CREATE, args().fh(ROOT).s("f").i(0).raw(mode(0640))), 1)).isEqualTo(file);
        var in = client.nfsFails(CREATE, args().fh(ROOT).s("f").i(1).raw(nothing()), 17);
        assertThat(in.getInt()).isZero();
        TestClient.postOp(in);
        TestClient.end(in);
        var exclusive = created(client.nfsOk(CREATE, args().fh(ROOT).s("x").i(2).l(99)), 1);
        assertThat(created(client.nfsOk(CREATE, args().fh(ROOT).s("x").i(2).l(99)), 1)).isEqualTo(exclusive);
        client.nfsFails(CREATE, args().fh(ROOT).s("x").i(2).l(98), 17);
    }

    @Test
    void nodesOfAllKindsAreMade() throws IOException {
        created(client.nfsOk(MKDIR, args().fh(ROOT).s("d").raw(mode(0700))), 2);
        int name = 0;
        for (int type : new int[] {3, 4}) {
            var in = client.nfsOk(MKNOD, args().fh(ROOT).s("n" + name++).i(type).raw(nothing()).i(8).i(17));
            var attributes = createdAttributes(in, type);
            assertThat(attributes.major()).isEqualTo(8);
            assertThat(attributes.minor()).isEqualTo(17);
        }
        for (int type : new int[] {6, 7}) {
            created(client.nfsOk(MKNOD, args().fh(ROOT).s("n" + name++).i(type).raw(nothing())), type);
        }
        for (int type : new int[] {1, 2, 5, 8, -1}) {
            TestClient.noWcc(client.nfsFails(MKNOD, args().fh(ROOT).s("n" + name++).i(type), 10007));
        }
    }

    @Test
    void thingsAreRemovedRenamedAndLinked() throws IOException {
        var file = create("f");
        var directory = created(client.nfsOk(MKDIR, args().fh(ROOT).s("d").raw(nothing())), 2);
        var in = client.nfsOk(LINK, args().fh(file).fh(directory).s("g"));
        assertThat(TestClient.postOp(in).links()).isEqualTo(2);
        TestClient.wcc(in);
        TestClient.end(in);
        in = client.nfsFails(LINK, args().fh(file).fh(directory).s("g"), 17);
        assertThat(TestClient.postOp(in).type()).as("the file").isEqualTo(1);
        assertThat(in.getInt()).isZero();
        assertThat(TestClient.postOp(in).type()).as("the directory").isEqualTo(2);
        TestClient.end(in);
        in = client.nfsOk(RENAME, args().fh(directory).s("g").fh(ROOT).s("h"));
        TestClient.wcc(in);
        TestClient.wcc(in);
        TestClient.end(in);
        in = client.nfsFails(RENAME, args().fh(directory).s("g").fh(ROOT).s("h"), 2);
        assertThat(in.getInt()).isZero();
        TestClient.postOp(in);
        assertThat(in.getInt()).isZero();
        TestClient.postOp(in);
        TestClient.end(in);
        in = client.nfsOk(REMOVE, args().fh(ROOT).s("h"));
        TestClient.wcc(in);
        TestClient.end(in);
        client.nfsFails(REMOVE, args().fh(ROOT).s("d"), 21);
        client.nfsFails(RMDIR, args().fh(ROOT).s("f"), 20);
        create("d2", directory);
        client.nfsFails(RMDIR, args().fh(ROOT).s("d"), 66);
        client.nfsOk(REMOVE, args().fh(directory).s("d2"));
        client.nfsOk(RMDIR, args().fh(ROOT).s("d"));
        var elsewhere = new FileHandle(MemoryTree.AGGREGATE, 8, 1, 1);
        client.nfsFails(RENAME, args().fh(ROOT).s("f").fh(elsewhere).s("f"), 18);
        client.nfsFails(LINK, args().fh(file).fh(elsewhere).s("f"), 18);
    }

    @Test
    void directoriesAreListedInPiecesOfAnySize() throws IOException {
        List<String> names = new ArrayList<>(List.of(".", ".."));
        for (int i = 0; i < 300; i++) {
            String name = "entry-" + i + "x".repeat(i % 60);
            create(name);
            names.add(name);
        }
        for (int size : new int[] {200, 1000, 8192, 65_536, Integer.MAX_VALUE}) {
            assertThat(list(READDIR, size, size)).containsExactlyElementsOf(names);
        }
        for (int size : new int[] {400, 2000, 8192, 65_536, Integer.MAX_VALUE}) {
            assertThat(list(READDIRPLUS, 100_000, size)).containsExactlyElementsOf(names);
            assertThat(list(READDIRPLUS, 300, size)).containsExactlyElementsOf(names);
        }
    }

    @Test
    void aListThatFitsNothingIsTooSmall() throws IOException {
        create("a-name-of-some-length");
        for (int size : new int[] {0, 10, 100, 120}) {
            client.nfsFails(READDIR, args().fh(ROOT).l(0).l(0).i(size), 10005);
        }
        client.nfsFails(READDIRPLUS, args().fh(ROOT).l(0).l(0).i(1000).i(200), 10005);
        var in = client.nfsFails(READDIR, args().fh(ROOT).l(2).l(0).i(4000), 10003);
        TestClient.postOp(in);
        TestClient.end(in);
        client.nfsFails(READDIR, args().fh(ROOT).l(2).l(MemoryTree.COOKIE_VERIFIER).i(130), 10005);
        client.nfsOk(READDIR, args().fh(ROOT).l(2).l(MemoryTree.COOKIE_VERIFIER).i(160));
    }

    @Test
    void aFileSystemSaysWhatItIs() throws IOException {
        var in = client.nfsOk(FSSTAT, args().fh(ROOT));
        TestClient.postOp(in);
        for (long expected : new long[] {1000, 600, 500, 100, 50, 50}) {
            assertThat(in.getLong()).isEqualTo(expected);
        }
        assertThat(in.getInt()).isZero();
        TestClient.end(in);
        in = client.nfsOk(FSINFO, args().fh(ROOT));
        TestClient.postOp(in);
        for (int expected : new int[] {Units.MIB, Units.MIB, 4096, Units.MIB, Units.MIB, 4096, 65_536}) {
            assertThat(in.getInt()).isEqualTo(expected);
        }
        assertThat(in.getLong()).isEqualTo(1L << 44);
        assertThat(TestClient.time(in)).isEqualTo(1);
        assertThat(in.getInt()).isEqualTo(0x1B);
        TestClient.end(in);
        in = client.nfsOk(PATHCONF, args().fh(ROOT));
        TestClient.postOp(in);
        for (int expected : new int[] {32000, 255, 1, 1, 0, 1}) {
            assertThat(in.getInt()).isEqualTo(expected);
        }
        TestClient.end(in);
    }

    @Test
    void everyStatusOfTheStorageHasItsNumber() throws IOException {
        for (CfStatus status : CfStatus.values()) {
            if (status == CfStatus.OK) {
                continue;
            }
            answerWith(status);
            int expected =
                    switch (status) {
                        case NOT_SYNCHRONIZED, BAD_COOKIE, TOO_SMALL -> 10006;
                        case BAD_TYPE -> 10004;
                        default -> status.code() > 100 ? status.code() - 101 + 10001 : status.code();
                    };
            client.nfsFails(GETATTR, args().fh(ROOT), expected);
        }
        answerWith(CfStatus.TRY_LATER);
        TestClient.noWcc(client.nfsFails(WRITE, args().fh(ROOT).l(0).i(0).i(0).i(0), 10008));
    }

    private void answerWith(CfStatus status) {
        server.tree.instead = request -> request instanceof CfRequest.ListExports
                ? Optional.empty()
                : Optional.of(CfReply.Failed.of(status));
    }

    @Test
    void callsAndErrorsAreCounted() throws IOException {
        client.nfsOk(GETATTR, args().fh(ROOT));
        client.nfsFails(LOOKUP, args().fh(ROOT).s("no"), 2);
        var statistics = server.server.statistics();
        assertThat(statistics.calls(GETATTR)).isEqualTo(1);
        assertThat(statistics.errors(GETATTR)).isZero();
        assertThat(statistics.errors(LOOKUP)).isEqualTo(1);
        assertThat(statistics.callsTotal()).isEqualTo(2);
        assertThat(statistics.errorsTotal()).isEqualTo(1);
        assertThat(statistics.bytesIn()).isPositive();
        assertThat(statistics.bytesOut()).isPositive();
        assertThat(statistics.connections()).isEqualTo(1);
    }

    private List<String> list(int procedure, int nameBytes, int bytes) throws IOException {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        long verifier = 0;
        boolean end = false;
        while (!end) {
            var args = args().fh(ROOT).l(cookie).l(verifier);
            var in = client.nfsOk(procedure, procedure == READDIR ? args.i(bytes) : args.i(nameBytes).i(bytes));
            assertThat(in.remaining()).as("resok").isLessThanOrEqualTo(bytes);
            TestClient.postOp(in);
            verifier = in.getLong();
            int before = names.size();
            while (in.getInt() == 1) {
                long fileId = in.getLong();
                names.add(new String(TestClient.opaque(in), StandardCharsets.UTF_8));
                cookie = in.getLong();
                if (procedure == READDIRPLUS) {
                    assertThat(TestClient.postOp(in).fileId()).isEqualTo(fileId);
                    assertThat(in.getInt()).isEqualTo(1);
                    assertThat(TestClient.handle(in).inode()).isEqualTo(fileId);
                }
            }
            end = in.getInt() == 1;
            TestClient.end(in);
            assertThat(end || names.size() > before).as("the listing gets on").isTrue();
        }
        return names;
    }

    private byte[] read(FileHandle file, long offset, int count) throws IOException {
        var in = client.nfsOk(READ, args().fh(file).l(offset).i(count));
        TestClient.postOp(in);
        in.getLong();
        return TestClient.opaque(in);
    }

    private FileHandle create(String name) throws IOException {
        return create(name, ROOT);
    }

    private FileHandle create(String name, FileHandle directory) throws IOException {
        return created(client.nfsOk(CREATE, args().fh(directory).s(name).i(1).raw(nothing())), 1);
    }

    private static FileHandle created(ByteBuffer in, int type) {
        int start = in.position();
        createdAttributes(in, type);
        in.position(start + 4);
        return TestClient.handle(in);
    }

    private static Fattr createdAttributes(ByteBuffer in, int type) {
        assertThat(in.getInt()).as("handle follows").isEqualTo(1);
        var handle = TestClient.handle(in);
        var attributes = TestClient.postOp(in);
        assertThat(attributes.type()).isEqualTo(type);
        assertThat(attributes.fileId()).isEqualTo(handle.inode());
        TestClient.wcc(in);
        TestClient.end(in);
        return attributes;
    }

    /// sattr3 that sets nothing.
    private static byte[] nothing() {
        return new byte[24];
    }

    private static byte[] mode(int mode) {
        return new Args().i(1).i(mode).raw(new byte[20]).bytes();
    }
}
