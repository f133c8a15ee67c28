package hearth.nmodule.nfs;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

import hearth.base.Check;
import hearth.base.Units;
import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfService;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.nmodule.net.NetStatistics;
import hearth.nmodule.rpc.RpcCall;
import hearth.nmodule.rpc.RpcProgram;
import hearth.nmodule.rpc.XdrException;
import hearth.nmodule.rpc.XdrWriter;

/// Program 100005, version 3 (RFC 1813 §5), and of the earlier ones what `showmount` asks: DUMP and EXPORT, which are
/// the same there. Paths are bytes; texts here hold one byte per character. Any thread.
final class Mount3Server implements RpcProgram {
    private static final int PROGRAM = 100005;
    private static final int VERSION = 3;
    private static final int NULL = 0;
    private static final int MNT = 1;
    private static final int DUMP = 2;
    private static final int UMNT = 3;
    private static final int UMNTALL = 4;
    private static final int EXPORT = 5;

    private static final int PATH_BYTES_MAX = 1024;
    private static final int SMALL_RESULT_BYTES = 128;
    private static final int LIST_RESULT_BYTES = 64 * Units.KIB;
    private static final int AUTH_SYS = 1;

    private static final int MNT3ERR_NOENT = 2;
    private static final int MNT3ERR_IO = 5;
    private static final int MNT3ERR_ACCES = 13;
    private static final int MNT3ERR_NOTDIR = 20;
    private static final int MNT3ERR_NAMETOOLONG = 63;
    private static final int MNT3ERR_SERVERFAULT = 10006;

    private final CfService storage;
    private final ExportTable exports;
    private final NetStatistics statistics;
    private final MountTable mounts = new MountTable();

    Mount3Server(CfService storage, ExportTable exports, NetStatistics statistics) {
        this.storage = storage;
        this.exports = exports;
        this.statistics = statistics;
    }

    /// What a path leads to.
    private sealed interface Walk {
        record Directory(FileHandle handle) implements Walk {}

        record Refused(int status) implements Walk {}
    }

    @Override
    public int number() {
        return PROGRAM;
    }

    @Override
    public int lowestVersion() {
        return 1;
    }

    @Override
    public int highestVersion() {
        return VERSION;
    }

    @Override
    public boolean hasProcedure(int version, int procedure) {
        return version == VERSION
                ? procedure >= NULL && procedure <= EXPORT
                : procedure == NULL || procedure == DUMP || procedure == EXPORT;
    }

    @Override
    public int resultBytesMax(RpcCall call) {
        return call.procedure() == DUMP || call.procedure() == EXPORT ? LIST_RESULT_BYTES : SMALL_RESULT_BYTES;
    }

    @Override
    public Outcome call(RpcCall call, XdrWriter results) throws XdrException {
        statistics.called(NetStatistics.MOUNT_PROCEDURE_FIRST + call.procedure());
        switch (call.procedure()) {
            case NULL -> {}
            case MNT -> mount(call, results);
            case DUMP -> mounts.write(results);
            case UMNT -> mounts.remove(call.clientAddress(), path(call));
            case UMNTALL -> mounts.removeAll(call.clientAddress());
            case EXPORT -> list(results);
            default -> throw Check.failed("a procedure that MOUNT does not have was let through");
        }
        return Outcome.ANSWERED;
    }

    @Override
    public void replied() {}

    private void mount(RpcCall call, XdrWriter results) throws XdrException {
        String path = path(call);
        var walked = walk(call, path);
        if (walked instanceof Walk.Directory directory) {
            mounts.add(call.clientAddress(), path);
            results.int4(Nfs3Status.OK).opaque(FileHandleLayout.encode(directory.handle()));
            results.int4(1).int4(AUTH_SYS);
        } else {
            statistics.failed(NetStatistics.MOUNT_PROCEDURE_FIRST + MNT);
            results.int4(((Walk.Refused) walked).status());
        }
    }

    /// Finds the export, then walks down from its root as the server itself: what a client may do below is decided by
    /// every call it makes there.
    private Walk walk(RpcCall call, String path) {
        var rule = exports.containing(ExportTable.withoutTrailingSlash(path));
        if (rule.isEmpty()) {
            return new Walk.Refused(exports.isKnown() ? MNT3ERR_NOENT : MNT3ERR_SERVERFAULT);
        }
        if (!rule.get().admits(call.clientAddress())) {
            return new Walk.Refused(MNT3ERR_ACCES);
        }
        var server = new Caller(call.clientAddress(), call.xid(), call.checksum(), 0, 0, new int[0], true);
        var handle = rule.get().export().root();
        for (String component : path.substring(rule.get().path().length()).split("/", -1)) {
            if (component.isEmpty() || component.equals(".")) {
                continue;
            }
            if (component.equals("..") || component.indexOf(0) >= 0) {
                return new Walk.Refused(MNT3ERR_ACCES);
            }
            if (component.length() > Name.MAX_BYTES) {
                return new Walk.Refused(MNT3ERR_NAMETOOLONG);
            }
            var name = new Name(component.getBytes(StandardCharsets.ISO_8859_1));
            var lookup = new CfRequest.Lookup(handle, name);
            switch (storage.call(server, lookup, MemorySegment.NULL, MemorySegment.NULL)) {
                case CfReply.Found found -> {
                    if (found.attributes().type() != FileType.DIRECTORY) {
                        return new Walk.Refused(MNT3ERR_NOTDIR);
                    }
                    handle = found.file();
                }
                case CfReply.Failed failed -> {
                    return new Walk.Refused(status(failed.status()));
                }
                case CfReply other -> throw Check.failed("a lookup was answered " + other);
            }
        }
        return new Walk.Directory(handle);
    }

    private static int status(CfStatus status) {
        return switch (status) {
            case NOT_FOUND -> MNT3ERR_NOENT;
            case ACCESS_DENIED -> MNT3ERR_ACCES;
            case NOT_A_DIRECTORY -> MNT3ERR_NOTDIR;
            case NAME_TOO_LONG -> MNT3ERR_NAMETOOLONG;
            case IO_ERROR -> MNT3ERR_IO;
            default -> MNT3ERR_SERVERFAULT;
        };
    }

    /// The exports, as many as fit.
    private void list(XdrWriter results) {
        for (var rule : exports.rules()) {
            long position = results.position();
            boolean fits = text(rule.path(), results.bool(true));
            for (String client : rule.export().clients()) {
                fits = fits && text(client, results.bool(true));
            }
            if (!fits) {
                results.rewind(position);
                break;
            }
            results.bool(false);
        }
        results.bool(false);
    }

    /// Writes the text unless the list would then not fit.
    private static boolean text(String text, XdrWriter results) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (results.remaining() < bytes.length + MountTable.LIST_TAIL_BYTES) {
            return false;
        }
        results.opaque(bytes);
        return true;
    }

    private static String path(RpcCall call) throws XdrException {
        return new String(call.arguments().opaqueBytes(PATH_BYTES_MAX), StandardCharsets.ISO_8859_1);
    }
}
