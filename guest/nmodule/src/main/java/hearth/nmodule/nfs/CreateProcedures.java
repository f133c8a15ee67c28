package hearth.nmodule.nfs;

import hearth.cf.CfLimits;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfRequest.Create.How;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.nmodule.rpc.XdrException;

/// CREATE, MKDIR, SYMLINK and MKNOD (RFC 1813 §3.3.8 to §3.3.11): all answer alike.
final class CreateProcedures {
    private CreateProcedures() {}

    static void create(Nfs3Call call) throws XdrException {
        var directory = call.handle();
        var name = call.name(CfStatus.EXISTS);
        int how = call.in().int4();
        ask(
                call,
                switch (how) {
                    case 0 -> new CfRequest.Create(directory, name, How.UNCHECKED, call.attributes(), 0);
                    case 1 -> new CfRequest.Create(directory, name, How.GUARDED, call.attributes(), 0);
                    case 2 ->
                        new CfRequest.Create(
                                directory,
                                name,
                                How.EXCLUSIVE,
                                SetAttributes.NOTHING,
                                call.in().long8());
                    default -> throw new XdrException("createmode " + how);
                });
    }

    static void mkdir(Nfs3Call call) throws XdrException {
        var directory = call.handle();
        var name = call.name(CfStatus.EXISTS);
        ask(call, new CfRequest.MakeDirectory(directory, name, call.attributes()));
    }

    static void symlink(Nfs3Call call) throws XdrException {
        var directory = call.handle();
        var name = call.name(CfStatus.EXISTS);
        var attributes = call.attributes();
        byte[] target = call.in().opaqueBytes(call.in().remaining());
        call.refuseIf(target.length > CfLimits.LINK_TARGET_BYTES_MAX, CfStatus.NAME_TOO_LONG);
        for (byte b : target) {
            call.refuseIf(b == 0, CfStatus.INVALID);
        }
        ask(call, new CfRequest.SymbolicLink(directory, name, attributes, target));
    }

    static void mknod(Nfs3Call call) throws XdrException {
        var directory = call.handle();
        var name = call.name(CfStatus.EXISTS);
        int type = call.in().int4();
        ask(
                call,
                switch (type) {
                    case 3 -> device(call, directory, name, FileType.BLOCK_DEVICE);
                    case 4 -> device(call, directory, name, FileType.CHARACTER_DEVICE);
                    case 6 ->
                        new CfRequest.MakeNode(directory, name, FileType.SOCKET, call.attributes(), 0, 0);
                    case 7 -> new CfRequest.MakeNode(directory, name, FileType.FIFO, call.attributes(), 0, 0);
                    default -> {
                        call.refuse(CfStatus.BAD_TYPE);
                        yield new CfRequest.MakeNode(
                                directory, name, FileType.REGULAR, SetAttributes.NOTHING, 0, 0);
                    }
                });
    }

    private static CfRequest device(Nfs3Call call, FileHandle directory, Name name, FileType type)
            throws XdrException {
        return new CfRequest.MakeNode(
                directory, name, type, call.attributes(), call.in().int4(), call.in().int4());
    }

    private static void ask(Nfs3Call call, CfRequest request) {
        call.ask(
                request,
                CfReply.Created.class,
                reply -> call.out()
                        .bool(true)
                        .handle(reply.file())
                        .postOp(reply.attributes())
                        .wcc(reply.directory()),
                failed -> call.out().wcc(failed.first()));
    }
}
