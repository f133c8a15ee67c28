package hearth.nmodule.nfs;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.nmodule.rpc.XdrException;

/// REMOVE, RMDIR, RENAME and LINK (RFC 1813 §3.3.12 to §3.3.15).
final class RemoveProcedures {
    private RemoveProcedures() {}

    static void remove(Nfs3Call call) throws XdrException {
        var directory = call.handle();
        var name = call.name(CfStatus.ACCESS_DENIED);
        removed(call, new CfRequest.Remove(directory, name));
    }

    static void rmdir(Nfs3Call call) throws XdrException {
        var directory = call.handle();
        var name = call.name();
        call.refuseIf(name.isDot(), CfStatus.INVALID);
        call.refuseIf(name.isDotDot(), CfStatus.EXISTS);
        removed(call, new CfRequest.RemoveDirectory(directory, name));
    }

    private static void removed(Nfs3Call call, CfRequest request) {
        call.ask(
                request,
                CfReply.Removed.class,
                reply -> call.out().wcc(reply.directory()),
                failed -> call.out().wcc(failed.first()));
    }

    static void rename(Nfs3Call call) throws XdrException {
        var fromDirectory = call.handle();
        var fromName = call.name(CfStatus.INVALID);
        var toDirectory = call.handle();
        var toName = call.name(CfStatus.INVALID);
        call.refuseAcrossVolumes(fromDirectory, toDirectory);
        call.ask(
                new CfRequest.Rename(fromDirectory, fromName, toDirectory, toName),
                CfReply.Renamed.class,
                reply -> call.out().wcc(reply.fromDirectory()).wcc(reply.toDirectory()),
                failed -> call.out().wcc(failed.first()).wcc(failed.second()));
    }

    static void link(Nfs3Call call) throws XdrException {
        var file = call.handle();
        var directory = call.handle();
        var name = call.name(CfStatus.EXISTS);
        call.refuseAcrossVolumes(file, directory);
        call.ask(
                new CfRequest.Link(file, directory, name),
                CfReply.Linked.class,
                reply -> call.out().postOp(reply.file()).wcc(reply.directory()),
                failed -> call.out().postOp(failed.second().after()).wcc(failed.first()));
    }
}
