package hearth.acceptance;

import java.nio.ByteBuffer;

/// Numbers and arguments of NFS version 3 (RFC 1813).
final class Nfs {
    static final int GETATTR = 1;
    static final int SETATTR = 2;
    static final int LOOKUP = 3;
    static final int READ = 6;
    static final int WRITE = 7;
    static final int CREATE = 8;
    static final int MKDIR = 9;
    static final int SYMLINK = 10;
    static final int MKNOD = 11;
    static final int REMOVE = 12;
    static final int RMDIR = 13;
    static final int RENAME = 14;
    static final int LINK = 15;
    static final int READDIR = 16;
    static final int READDIRPLUS = 17;
    static final int COMMIT = 21;

    static final int UNCHECKED = 0;
    static final int GUARDED = 1;
    static final int EXCLUSIVE = 2;
    static final int UNSTABLE = 0;
    static final int DATA_SYNC = 1;
    static final int FILE_SYNC = 2;
    static final int FIFO = 7;

    static final int OK = 0;
    static final int NOENT = 2;
    static final int EXIST = 17;

    /// fattr3 as far as the change time, and that.
    private static final int BEFORE_CHANGE_TIME = 76;

    private Nfs() {}

    /// diropargs3
    static Xdr named(byte[] directory, String name) {
        return new Xdr().opaque(directory).s(name);
    }

    /// sattr3 with a mode and nothing else.
    static byte[] attributes(int mode) {
        return new Xdr().i(1).i(mode).i(0).i(0).i(0).i(0).i(0).bytes();
    }

    /// sattr3 with a mode and a modification time.
    static byte[] attributes(int mode, int modifiedSeconds) {
        return new Xdr().i(1).i(mode).i(0).i(0).i(0).i(0).i(2).i(modifiedSeconds).i(7).bytes();
    }

    /// sattr3 with a size and the server's time.
    static byte[] size(long bytes) {
        return new Xdr().i(0).i(0).i(0).i(1).l(bytes).i(0).i(1).bytes();
    }

    static Xdr write(byte[] file, long offset, byte[] data, int stable) {
        return new Xdr().opaque(file).l(offset).i(data.length).i(stable).opaque(data);
    }

    /// The handle in what follows the status of a call that makes something.
    static byte[] made(ByteBuffer results) {
        if (results.getInt() != 1) {
            throw new AssertionError("no handle");
        }
        return Xdr.opaque(results);
    }

    /// The change time of a file, as it stands in attributes.
    static long changeTime(RepeatingClient client, byte[] file) {
        ByteBuffer in = RepeatingClient.results(client.call(
                RepeatingClient.message(2, RepeatingClient.NFS, GETATTR, new Xdr().opaque(file))));
        in.getInt();
        return in.getLong(in.position() + BEFORE_CHANGE_TIME);
    }
}
