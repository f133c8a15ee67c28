package hearth.nmodule.nfs;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.nmodule.rpc.XdrException;

/// LOOKUP and READLINK (RFC 1813 §3.3.3, §3.3.5).
final class NameProcedures {
    private NameProcedures() {}

    static void lookup(Nfs3Call call) throws XdrException {
        var directory = call.handle();
        var name = call.name();
        call.ask(
                new CfRequest.Lookup(directory, name),
                CfReply.Found.class,
                reply -> call.out()
                        .handle(reply.file())
                        .postOp(reply.attributes())
                        .postOp(reply.directory()),
                failed -> call.out().postOp(failed.first().after()));
    }

    static void readlink(Nfs3Call call) throws XdrException {
        var link = call.handle();
        call.ask(
                new CfRequest.ReadLink(link),
                CfReply.LinkText.class,
                reply -> call.out().postOp(reply.attributes()).xdr().opaque(reply.target()),
                failed -> call.out().postOp(failed.first().after()));
    }
}
