package hearth.acceptance;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// What clients do in a round: every mutating procedure of NFS version 3, some of them refused.
final class Scripts {
    private static final int LARGE_PIECES = 32;
    private static final int LARGE_PIECE_BYTES = 1 << 20;
    private static final int MODIFIED = 1_000_000_000;

    /// What the file of `few` holds.
    static final byte[] FEW_BYTES = bytes(6, 5000);

    private Scripts() {}

    static void prepareNames(MutationRound round) {
        round.step("a directory to remove", Nfs.OK, Nfs.MKDIR,
                Nfs.named(round.directory(), "d1").raw(Nfs.attributes(0755)));
    }

    static void names(MutationRound round) {
        byte[] directory = round.directory();
        byte[] file = Nfs.made(round.step("CREATE unchecked", Nfs.OK, Nfs.CREATE,
                Nfs.named(directory, "f0").i(Nfs.UNCHECKED).raw(Nfs.attributes(0644))));
        round.step("CREATE guarded", Nfs.OK, Nfs.CREATE,
                Nfs.named(directory, "f1").i(Nfs.GUARDED).raw(Nfs.attributes(0600)));
        round.step("CREATE exclusive", Nfs.OK, Nfs.CREATE,
                Nfs.named(directory, "f2").i(Nfs.EXCLUSIVE).l(0x1234_5678_9ABCL));
        round.step("CREATE of what exists", Nfs.EXIST, Nfs.CREATE,
                Nfs.named(directory, "f1").i(Nfs.GUARDED).raw(Nfs.attributes(0644)));
        byte[] inner = Nfs.made(round.step("MKDIR", Nfs.OK, Nfs.MKDIR,
                Nfs.named(directory, "d0").raw(Nfs.attributes(0755))));
        round.step("SYMLINK", Nfs.OK, Nfs.SYMLINK, Nfs.named(directory, "s0").raw(Nfs.attributes(0777)).s("f0"));
        round.step("MKNOD", Nfs.OK, Nfs.MKNOD, Nfs.named(directory, "p0").i(Nfs.FIFO).raw(Nfs.attributes(0600)));
        round.step("LINK", Nfs.OK, Nfs.LINK, new Xdr().opaque(file).opaque(directory).s("l0"));
        round.step("RENAME to another directory", Nfs.OK, Nfs.RENAME,
                Nfs.named(directory, "f0").opaque(inner).s("r0"));
        round.step("RENAME over a file", Nfs.OK, Nfs.RENAME, Nfs.named(directory, "f1").opaque(directory).s("f2"));
        round.step("SETATTR", Nfs.OK, Nfs.SETATTR,
                new Xdr().opaque(file).raw(Nfs.attributes(0640, MODIFIED)).i(0));
        round.step("REMOVE", Nfs.OK, Nfs.REMOVE, Nfs.named(directory, "l0"));
        round.step("RMDIR", Nfs.OK, Nfs.RMDIR, Nfs.named(directory, "d1"));
        round.step("REMOVE of what is not there", Nfs.NOENT, Nfs.REMOVE, Nfs.named(directory, "l0"));
    }

    static void prepareData(MutationRound round) {
        round.step("a file", Nfs.OK, Nfs.CREATE,
                Nfs.named(round.directory(), "data").i(Nfs.GUARDED).raw(Nfs.attributes(0600)));
        round.step("a file to write", Nfs.OK, Nfs.WRITE,
                Nfs.write(round.lookup("data"), 0, bytes(1, 9000), Nfs.FILE_SYNC));
    }

    static void data(MutationRound round) {
        byte[] file = round.lookup("data");
        round.step("WRITE unstable", Nfs.OK, Nfs.WRITE, Nfs.write(file, 0, bytes(2, 6000), Nfs.UNSTABLE));
        round.step("WRITE stable", Nfs.OK, Nfs.WRITE, Nfs.write(file, 4096, bytes(3, 4096), Nfs.FILE_SYNC));
        round.step("COMMIT", Nfs.OK, Nfs.COMMIT, new Xdr().opaque(file).l(0).i(0));
        round.step("WRITE of a part", Nfs.OK, Nfs.WRITE, Nfs.write(file, 8190, bytes(4, 10), Nfs.DATA_SYNC));
        round.step("SETATTR of the size", Nfs.OK, Nfs.SETATTR, new Xdr().opaque(file).raw(Nfs.size(5000)).i(0));
        round.step("SETATTR if unchanged", Nfs.OK, Nfs.SETATTR,
                new Xdr().opaque(file).raw(Nfs.attributes(0400)).i(1).l(round.changeTime(file)));
        round.step("WRITE beyond the end", Nfs.OK, Nfs.WRITE, Nfs.write(file, 12_288, bytes(5, 100), Nfs.FILE_SYNC));
        round.step("LINK", Nfs.OK, Nfs.LINK, new Xdr().opaque(file).opaque(round.directory()).s("link"));
        round.step("REMOVE", Nfs.OK, Nfs.REMOVE, Nfs.named(round.directory(), "data"));
    }

    /// A little of everything.
    static void few(MutationRound round) {
        byte[] directory = round.directory();
        byte[] file = Nfs.made(round.step("CREATE", Nfs.OK, Nfs.CREATE,
                Nfs.named(directory, "few").i(Nfs.GUARDED).raw(Nfs.attributes(0600))));
        round.step("WRITE", Nfs.OK, Nfs.WRITE, Nfs.write(file, 0, FEW_BYTES, Nfs.UNSTABLE));
        round.step("MKDIR", Nfs.OK, Nfs.MKDIR, Nfs.named(directory, "d0").raw(Nfs.attributes(0755)));
        round.step("RENAME", Nfs.OK, Nfs.RENAME, Nfs.named(directory, "few").opaque(directory).s("many"));
    }

    /// Makes a file of twice the size of the cache, whose reading takes every other block's frame.
    static byte[] fileLargerThanTheCache(RepeatingClient client, byte[] root) {
        ByteBuffer results = RepeatingClient.results(client.call(RepeatingClient.message(10, RepeatingClient.NFS,
                Nfs.CREATE, Nfs.named(root, "large").i(Nfs.GUARDED).raw(Nfs.attributes(0600)))));
        results.getInt();
        byte[] file = Nfs.made(results);
        for (int piece = 0; piece < LARGE_PIECES; piece++) {
            client.call(RepeatingClient.message(11 + piece, RepeatingClient.NFS, Nfs.WRITE,
                    Nfs.write(file, (long) piece * LARGE_PIECE_BYTES, bytes(piece, LARGE_PIECE_BYTES), Nfs.UNSTABLE)));
        }
        return file;
    }

    static void readWhole(RepeatingClient client, byte[] large) {
        for (int piece = 0; piece < LARGE_PIECES; piece++) {
            client.call(RepeatingClient.message(2, RepeatingClient.NFS, Nfs.READ,
                    new Xdr().opaque(large).l((long) piece * LARGE_PIECE_BYTES).i(LARGE_PIECE_BYTES)));
        }
    }

    /// Bytes that tell their writer.
    static byte[] bytes(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
