package hearth.nmodule.nfs;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.cf.CfLimits;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Stability;
import hearth.nmodule.rpc.XdrException;
import hearth.nmodule.rpc.XdrReader;

/// READ, WRITE and COMMIT (RFC 1813 §3.3.6, §3.3.7, §3.3.21). Data is not copied here: a read's is put by the storage
/// where the reply has it, a write's is handed over where it was received.
final class DataProcedures {
    /// What stands before the data in READ's results: status, attributes, count, end of file, length.
    private static final int READ_HEAD_BYTES = 4 + Nfs3Writer.POST_OP_ATTRIBUTES_BYTES + 12;

    private DataProcedures() {}

    static int readBytesMax(XdrReader in) throws XdrException {
        in.opaque(FileHandleLayout.BYTES_MAX);
        in.long8();
        return READ_HEAD_BYTES + transfer(in.unsigned4()) + 3;
    }

    static void read(Nfs3Call call) throws XdrException {
        var file = call.handle();
        long offset = call.in().long8();
        int count = transfer(call.in().unsigned4());
        if (offset < 0) {
            // Beyond any file: an empty read at the end, as at any other place behind it.
            offset = Long.MAX_VALUE;
            count = 0;
        }
        int asked = (int) Math.min(count, Long.MAX_VALUE - offset);
        var out = call.out();
        call.ask(
                new CfRequest.Read(file, offset, asked),
                MemorySegment.NULL,
                out.xdr().ahead(READ_HEAD_BYTES, asked),
                CfReply.Data.class,
                reply -> {
                    Check.that(reply.countBytes() <= asked, "more read than asked", reply.countBytes(), asked);
                    out.postOp(reply.attributes()).int4(reply.countBytes()).bool(reply.endOfFile());
                    out.int4(reply.countBytes()).xdr().placed(reply.countBytes());
                },
                failed -> out.postOp(failed.first().after()));
    }

    static void write(Nfs3Call call) throws XdrException {
        var file = call.handle();
        long offset = call.in().long8();
        long count = call.in().unsigned4();
        var stability = stability(call.in().int4());
        var data = call.in().opaque(call.in().remaining());
        call.refuseIf(count != data.byteSize(), CfStatus.INVALID);
        // More than is promised by FSINFO: the first part is written and the reply says so.
        int taken = transfer(data.byteSize());
        call.refuseIf(offset < 0 || offset > Long.MAX_VALUE - taken, CfStatus.TOO_BIG);
        call.ask(
                new CfRequest.Write(file, offset, taken, stability),
                data.asSlice(0, taken),
                MemorySegment.NULL,
                CfReply.Written.class,
                reply -> call.out()
                        .wcc(reply.file())
                        .int4(reply.countBytes())
                        .int4(reply.stability().code())
                        .long8(reply.verifier()),
                failed -> call.out().wcc(failed.first()));
    }

    static void commit(Nfs3Call call) throws XdrException {
        var file = call.handle();
        long offset = call.in().long8();
        long count = call.in().unsigned4();
        // 0 means to the end, and so does a range that no number here holds.
        int asked = count > Integer.MAX_VALUE || offset < 0 ? 0 : (int) count;
        call.ask(
                new CfRequest.Commit(file, Math.max(offset, 0), asked),
                CfReply.Committed.class,
                reply -> call.out().wcc(reply.file()).long8(reply.verifier()),
                failed -> call.out().wcc(failed.first()));
    }

    private static int transfer(long countBytes) {
        return (int) Math.min(countBytes, CfLimits.TRANSFER_BYTES_MAX);
    }

    private static Stability stability(int how) throws XdrException {
        return switch (how) {
            case 0 -> Stability.UNSTABLE;
            case 1 -> Stability.DATA_SYNC;
            case 2 -> Stability.FILE_SYNC;
            default -> throw new XdrException("stable_how " + how);
        };
    }
}
