package hearth.nmodule.nfs;

import java.util.function.Consumer;

import hearth.cf.CfLimits;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.Name;
import hearth.nmodule.rpc.XdrException;

/// FSSTAT, FSINFO and PATHCONF (RFC 1813 §3.3.18 to §3.3.20).
final class FileSystemProcedures {
    private static final int PREFERRED_MULTIPLE_BYTES = 4096;
    private static final int LINK = 0x1;
    private static final int SYMLINK = 0x2;
    private static final int HOMOGENEOUS = 0x8;
    private static final int CAN_SET_TIME = 0x10;

    private FileSystemProcedures() {}

    static void fsstat(Nfs3Call call) throws XdrException {
        ask(call, reply -> {
            var out = call.out().postOp(reply.attributes());
            out.long8(reply.totalBytes()).long8(reply.freeBytes()).long8(reply.availableBytes());
            out.long8(reply.totalFiles()).long8(reply.freeFiles()).long8(reply.freeFiles());
            // May change at any moment.
            out.int4(0);
        });
    }

    static void fsinfo(Nfs3Call call) throws XdrException {
        ask(call, reply -> {
            var out = call.out().postOp(reply.attributes());
            for (int direction = 0; direction < 2; direction++) {
                out.int4(CfLimits.TRANSFER_BYTES_MAX).int4(CfLimits.TRANSFER_BYTES_MAX);
                out.int4(PREFERRED_MULTIPLE_BYTES);
            }
            out.int4(DirectoryProcedures.PREFERRED_BYTES).long8(reply.fileSizeMaxBytes());
            // Times are kept to the nanosecond.
            out.time(1).int4(LINK | SYMLINK | HOMOGENEOUS | CAN_SET_TIME);
        });
    }

    static void pathconf(Nfs3Call call) throws XdrException {
        ask(call, reply -> {
            var out = call.out().postOp(reply.attributes());
            out.int4(reply.linkCountMax()).int4(Name.MAX_BYTES);
            out.bool(true).bool(true).bool(false).bool(true);
        });
    }

    private static void ask(Nfs3Call call, Consumer<CfReply.Statistics> ok) throws XdrException {
        var file = call.handle();
        call.ask(
                new CfRequest.FileSystemStatistics(file),
                CfReply.Statistics.class,
                ok,
                failed -> call.out().postOp(failed.first().after()));
    }
}
