package hearth.nmodule.nfs;

import java.util.Optional;

import hearth.base.Units;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Wcc;
import hearth.nmodule.rpc.XdrException;
import hearth.nmodule.rpc.XdrReader;

/// READDIR and READDIRPLUS (RFC 1813 §3.3.16, §3.3.17).
final class DirectoryProcedures {
    /// What FSINFO recommends.
    static final int PREFERRED_BYTES = 64 * Units.KIB;

    /// A reply is no longer, whatever was asked.
    private static final int BYTES_MAX = 128 * Units.KIB;

    /// Results without entries: status aside, attributes, verifier, end of the list, end of the directory.
    private static final int HEAD_BYTES = Nfs3Writer.POST_OP_ATTRIBUTES_BYTES + 16;

    /// An entry without its name: a list mark, number, the name's length, cookie.
    private static final int ENTRY_BYTES = 24;

    private static final int ENTRY_BYTES_MIN = ENTRY_BYTES + 4;
    private static final int PLUS_BYTES = Nfs3Writer.POST_OP_ATTRIBUTES_BYTES + Nfs3Writer.POST_OP_HANDLE_BYTES;

    private DirectoryProcedures() {}

    static int readdirBytesMax(XdrReader in, boolean plus) throws XdrException {
        in.opaque(FileHandleLayout.BYTES_MAX);
        in.skip(16);
        if (plus) {
            in.int4();
        }
        return Math.max(limit(in.unsigned4()), HEAD_BYTES) + 4;
    }

    static void readdir(Nfs3Call call) throws XdrException {
        list(call, false);
    }

    static void readdirplus(Nfs3Call call) throws XdrException {
        list(call, true);
    }

    private static void list(Nfs3Call call, boolean plus) throws XdrException {
        var directory = call.handle();
        long cookie = call.in().long8();
        long verifier = call.in().long8();
        long namesMax = plus ? call.in().unsigned4() : Long.MAX_VALUE;
        int entriesBytes = limit(call.in().unsigned4()) - HEAD_BYTES;
        call.refuseIf(entriesBytes < ENTRY_BYTES_MIN, CfStatus.TOO_SMALL);
        int entries = Math.max(entriesBytes, 0) / (ENTRY_BYTES_MIN + (plus ? PLUS_BYTES : 0)) + 1;
        call.ask(
                new CfRequest.ReadDirectory(
                        directory, cookie, verifier, entries, Math.max(entriesBytes, 0), plus),
                CfReply.Entries.class,
                reply -> write(call, reply, namesMax, entriesBytes, plus),
                failed -> call.out().postOp(failed.first().after()));
    }

    /// Writes as many entries as fit; the client continues behind the last.
    private static void write(
            Nfs3Call call, CfReply.Entries reply, long namesMax, int entriesBytes, boolean plus) {
        var out = call.out();
        out.postOp(reply.directory()).long8(reply.cookieVerifier());
        int written = 0;
        long names = 0;
        long left = entriesBytes;
        for (var entry : reply.entries()) {
            int name = ENTRY_BYTES + (entry.name().length() + 3 & ~3);
            int whole = name + (plus ? plusBytes(entry) : 0);
            boolean overNames = written > 0 && names + name > namesMax;
            if (whole > left || overNames) {
                break;
            }
            names += name;
            left -= whole;
            out.bool(true).long8(entry.fileId()).xdr().opaque(entry.name().bytes());
            out.long8(entry.cookie());
            if (plus) {
                out.postOp(entry.attributes()).postOpHandle(entry.file());
            }
            written++;
        }
        if (written == 0 && !(reply.entries().isEmpty() && reply.endOfDirectory())) {
            var attributes = new Wcc(Optional.empty(), Optional.of(reply.directory()));
            call.fail(
                    new CfReply.Failed(CfStatus.TOO_SMALL, attributes, Wcc.UNKNOWN),
                    failed -> out.postOp(failed.first().after()));
            return;
        }
        out.bool(false).bool(reply.endOfDirectory() && written == reply.entries().size());
    }

    private static int plusBytes(CfReply.Entry entry) {
        return 8
                + (entry.attributes().isPresent() ? Nfs3Writer.ATTRIBUTES_BYTES : 0)
                + (entry.file().isPresent() ? Nfs3Writer.HANDLE_BYTES : 0);
    }

    private static int limit(long countBytes) {
        return (int) Math.min(countBytes, BYTES_MAX);
    }
}
