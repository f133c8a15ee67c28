package hearth.nmodule.nfs;

import java.util.concurrent.atomic.AtomicBoolean;

import hearth.base.Units;
import hearth.cf.CfLimits;
import hearth.cf.CfService;
import hearth.nmodule.net.NetStatistics;
import hearth.nmodule.rpc.RpcCall;
import hearth.nmodule.rpc.RpcProgram;
import hearth.nmodule.rpc.XdrException;
import hearth.nmodule.rpc.XdrWriter;

/// Program 100003, version 3. Any thread; every call is independent.
final class Nfs3Server implements RpcProgram {
    private static final int PROGRAM = 100003;
    private static final int VERSION = 3;

    /// Results of procedures that return handles and attributes only; RENAME's two wcc_data and CREATE's handle,
    /// attributes and wcc_data are the longest, below 256 bytes.
    private static final int SMALL_RESULT_BYTES = Units.KIB;

    private final CfService storage;
    private final ExportTable exports;
    private final NetStatistics statistics;
    private final Runnable firstReply;
    private final AtomicBoolean repliedOnce = new AtomicBoolean();

    /// `firstReply` runs once, when the first reply of this program has been sent.
    Nfs3Server(CfService storage, ExportTable exports, NetStatistics statistics, Runnable firstReply) {
        this.storage = storage;
        this.exports = exports;
        this.statistics = statistics;
        this.firstReply = firstReply;
    }

    @Override
    public int number() {
        return PROGRAM;
    }

    @Override
    public int lowestVersion() {
        return VERSION;
    }

    @Override
    public int highestVersion() {
        return VERSION;
    }

    @Override
    public boolean hasProcedure(int version, int procedure) {
        return procedure >= 0 && procedure < Nfs3Procedure.COUNT;
    }

    @Override
    public int resultBytesMax(RpcCall call) {
        try {
            return switch (Nfs3Procedure.numbered(call.procedure())) {
                case READ -> DataProcedures.readBytesMax(call.arguments());
                case READDIR -> DirectoryProcedures.readdirBytesMax(call.arguments(), false);
                case READDIRPLUS -> DirectoryProcedures.readdirBytesMax(call.arguments(), true);
                case READLINK -> SMALL_RESULT_BYTES + CfLimits.LINK_TARGET_BYTES_MAX;
                case NULL, GETATTR, SETATTR, LOOKUP, ACCESS, WRITE, CREATE, MKDIR, SYMLINK, MKNOD, REMOVE, RMDIR,
                        RENAME, LINK, FSSTAT, FSINFO, PATHCONF, COMMIT -> SMALL_RESULT_BYTES;
            };
        } catch (XdrException e) {
            // The call will be answered GARBAGE_ARGS.
            return 0;
        }
    }

    @Override
    public Outcome call(RpcCall rpc, XdrWriter results) throws XdrException {
        var procedure = Nfs3Procedure.numbered(rpc.procedure());
        return counted(carriedOut(new Nfs3Call(procedure, rpc, results, storage, exports, true)));
    }

    @Override
    public Outcome tryCall(RpcCall rpc, XdrWriter results) throws XdrException {
        var procedure = Nfs3Procedure.numbered(rpc.procedure());
        if (!mayBeAtHand(procedure)) {
            return Outcome.WOULD_WAIT;
        }
        var call = carriedOut(new Nfs3Call(procedure, rpc, results, storage, exports, false));
        return call.outcome() == Outcome.WOULD_WAIT ? Outcome.WOULD_WAIT : counted(call);
    }

    /// Calls that are often answered from memory. The others wait for the log to be stable, or look at much.
    private static boolean mayBeAtHand(Nfs3Procedure procedure) {
        return switch (procedure) {
            case NULL, GETATTR, LOOKUP, ACCESS, READ, WRITE, FSSTAT, FSINFO, PATHCONF -> true;
            case SETATTR, READLINK, CREATE, MKDIR, SYMLINK, MKNOD, REMOVE, RMDIR, RENAME, LINK, READDIR, READDIRPLUS,
                    COMMIT -> false;
        };
    }

    private Outcome counted(Nfs3Call call) {
        statistics.called(call.procedure().number());
        if (call.status() != Nfs3Status.OK) {
            statistics.failed(call.procedure().number());
        }
        return call.outcome();
    }

    private static Nfs3Call carriedOut(Nfs3Call call) throws XdrException {
        var procedure = call.procedure();
        switch (procedure) {
            case NULL -> {}
            case GETATTR -> AttributeProcedures.getattr(call);
            case SETATTR -> AttributeProcedures.setattr(call);
            case LOOKUP -> NameProcedures.lookup(call);
            case ACCESS -> AttributeProcedures.access(call);
            case READLINK -> NameProcedures.readlink(call);
            case READ -> DataProcedures.read(call);
            case WRITE -> DataProcedures.write(call);
            case CREATE -> CreateProcedures.create(call);
            case MKDIR -> CreateProcedures.mkdir(call);
            case SYMLINK -> CreateProcedures.symlink(call);
            case MKNOD -> CreateProcedures.mknod(call);
            case REMOVE -> RemoveProcedures.remove(call);
            case RMDIR -> RemoveProcedures.rmdir(call);
            case RENAME -> RemoveProcedures.rename(call);
            case LINK -> RemoveProcedures.link(call);
            case READDIR -> DirectoryProcedures.readdir(call);
            case READDIRPLUS -> DirectoryProcedures.readdirplus(call);
            case FSSTAT -> FileSystemProcedures.fsstat(call);
            case FSINFO -> FileSystemProcedures.fsinfo(call);
            case PATHCONF -> FileSystemProcedures.pathconf(call);
            case COMMIT -> DataProcedures.commit(call);
        }
        return call;
    }

    @Override
    public void replied() {
        if (!repliedOnce.get() && repliedOnce.compareAndSet(false, true)) {
            firstReply.run();
        }
    }
}
