package hearth.nmodule.nfs;

import java.util.OptionalLong;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.nmodule.rpc.XdrException;

/// GETATTR, SETATTR and ACCESS (RFC 1813 §3.3.1, §3.3.2, §3.3.4).
final class AttributeProcedures {
    /// ACCESS3_MODIFY, ACCESS3_EXTEND and ACCESS3_DELETE.
    private static final int CHANGES = 0x4 | 0x8 | 0x10;

    private AttributeProcedures() {}

    static void getattr(Nfs3Call call) throws XdrException {
        var file = call.handle();
        call.ask(
                new CfRequest.GetAttributes(file),
                CfReply.AttributesOf.class,
                reply -> call.out().attributes(reply.attributes()),
                _ -> {});
    }

    static void setattr(Nfs3Call call) throws XdrException {
        var file = call.handle();
        var change = call.attributes();
        var guard = call.in().bool() ? OptionalLong.of(call.time()) : OptionalLong.empty();
        call.ask(
                new CfRequest.Change(file, change, guard),
                CfReply.Changed.class,
                reply -> call.out().wcc(reply.file()),
                failed -> call.out().wcc(failed.first()));
    }

    static void access(Nfs3Call call) throws XdrException {
        var file = call.handle();
        int mask = call.in().int4();
        call.ask(
                new CfRequest.Access(file, mask),
                CfReply.Granted.class,
                reply -> {
                    int permitted = call.isReadOnly() ? mask & ~CHANGES : mask;
                    call.out().postOp(reply.attributes()).int4(reply.mask() & permitted);
                },
                failed -> call.out().postOp(failed.first().after()));
    }
}
