package hearth.nmodule.nfs;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

import hearth.base.Check;
import hearth.base.Units;
import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfService;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.nmodule.rpc.RpcCall;
import hearth.nmodule.rpc.RpcProgram;
import hearth.nmodule.rpc.XdrException;
import hearth.nmodule.rpc.XdrReader;
import hearth.nmodule.rpc.XdrWriter;

/// One NFS call on its way: a procedure decodes all arguments, then asks the storage once, then writes the results.
/// An argument that is well-formed but not acceptable (a foreign handle, a name that is too long) is noted as a
/// refusal while decoding goes on; `ask` then answers with it instead of asking. Used by one thread.
final class Nfs3Call {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int MODE_MASK = 0xFFF;

    /// From here on a read's bytes are sent from where they stand: below, copying them costs less than the system call
    /// that several replies share.
    private static final int GATHERED_BYTES_MIN = 64 * Units.KIB;
    private static final FileHandle NO_HANDLE = new FileHandle(0, 0, 0, 0);
    private static final Name NO_NAME = Name.of("-");

    private final Nfs3Procedure procedure;
    private final RpcCall rpc;
    private final CfService storage;
    private final ExportTable exports;
    private final boolean mayWait;
    private final XdrReader in;
    private final Nfs3Writer out;
    private final long resultsPosition;
    private Optional<CfStatus> refusal = Optional.empty();
    private RpcProgram.Outcome outcome = RpcProgram.Outcome.ANSWERED;
    private int status = Nfs3Status.OK;
    private boolean readOnly;

    /// @param mayWait whether the thread may park; if not, the outcome can be WOULD_WAIT
    Nfs3Call(
            Nfs3Procedure procedure,
            RpcCall rpc,
            XdrWriter results,
            CfService storage,
            ExportTable exports,
            boolean mayWait) {
        this.procedure = procedure;
        this.rpc = rpc;
        this.storage = storage;
        this.exports = exports;
        this.mayWait = mayWait;
        this.in = rpc.arguments();
        this.out = new Nfs3Writer(results);
        this.resultsPosition = results.position();
    }

    Nfs3Procedure procedure() {
        return procedure;
    }

    XdrReader in() {
        return in;
    }

    Nfs3Writer out() {
        return out;
    }

    RpcProgram.Outcome outcome() {
        return outcome;
    }

    /// The status that was written.
    int status() {
        return status;
    }

    /// Whether the call came through an export that allows no changes; known after `ask` asked.
    boolean isReadOnly() {
        return readOnly;
    }

    /// Notes why the call cannot be carried out; the first reason stays.
    void refuse(CfStatus why) {
        if (refusal.isEmpty()) {
            refusal = Optional.of(why);
        }
    }

    void refuseIf(boolean condition, CfStatus why) {
        if (condition) {
            refuse(why);
        }
    }

    /// nfs_fh3
    FileHandle handle() throws XdrException {
        var handle = FileHandleLayout.decode(in.opaque(FileHandleLayout.BYTES_MAX));
        refuseIf(handle.isEmpty(), CfStatus.BAD_HANDLE);
        return handle.orElse(NO_HANDLE);
    }

    /// filename3: any bytes on the wire. Empty, or with a slash or NUL, it names nothing that could be permitted.
    Name name() throws XdrException {
        var bytes = in.opaqueBytes(in.remaining());
        if (bytes.length > Name.MAX_BYTES) {
            refuse(CfStatus.NAME_TOO_LONG);
            return NO_NAME;
        }
        boolean possible = bytes.length > 0;
        for (byte b : bytes) {
            possible &= b != 0 && b != '/';
        }
        refuseIf(!possible, CfStatus.ACCESS_DENIED);
        return possible ? new Name(bytes) : NO_NAME;
    }

    /// filename3 of something to be made or removed: `.` and `..` are answered with `dots`.
    Name name(CfStatus dots) throws XdrException {
        var name = name();
        refuseIf(name.isDot() || name.isDotDot(), dots);
        return name;
    }

    /// sattr3
    SetAttributes attributes() throws XdrException {
        OptionalInt mode = in.bool() ? OptionalInt.of(in.int4() & MODE_MASK) : OptionalInt.empty();
        OptionalInt uid = in.bool() ? OptionalInt.of(in.int4()) : OptionalInt.empty();
        OptionalInt gid = in.bool() ? OptionalInt.of(in.int4()) : OptionalInt.empty();
        OptionalLong size = in.bool() ? OptionalLong.of(in.long8()) : OptionalLong.empty();
        refuseIf(size.orElse(0) < 0, CfStatus.INVALID);
        return new SetAttributes(mode, uid, gid, size, setTime(), setTime());
    }

    private Optional<SetAttributes.SetTime> setTime() throws XdrException {
        int how = in.int4();
        return switch (how) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(new SetAttributes.SetTime.ServerTime());
            case 2 -> Optional.of(new SetAttributes.SetTime.ClientTime(time()));
            default -> throw new XdrException("time_how " + how);
        };
    }

    /// nfstime3
    long time() throws XdrException {
        long seconds = in.unsigned4();
        long nanoseconds = in.unsigned4();
        refuseIf(nanoseconds >= NS_PER_SECOND, CfStatus.INVALID);
        return seconds * NS_PER_SECOND + nanoseconds;
    }

    /// Both handles must be of one volume, or the call cannot be one change.
    void refuseAcrossVolumes(FileHandle first, FileHandle second) {
        refuseIf(
                first.volumeId() != second.volumeId() || first.aggregateId() != second.aggregateId(),
                CfStatus.CROSS_DEVICE);
    }

    /// Asks the storage, unless there was a reason to refuse, and writes the status, then the results by `ok` or
    /// `failed`. Parks only if it may.
    <R extends CfReply> void ask(
            CfRequest request, Class<R> expected, Consumer<R> ok, Consumer<CfReply.Failed> failed) {
        ask(request, MemorySegment.NULL, MemorySegment.NULL, expected, ok, failed);
    }

    /// The same with a write's bytes or the room for a read's.
    <R extends CfReply> void ask(
            CfRequest request,
            MemorySegment payload,
            MemorySegment room,
            Class<R> expected,
            Consumer<R> ok,
            Consumer<CfReply.Failed> failed) {
        var answer = answerTo(request, payload, room);
        if (answer.isEmpty()) {
            outcome = RpcProgram.Outcome.WOULD_WAIT;
            return;
        }
        var reply = answer.get();
        if (reply instanceof CfReply.Dropped) {
            outcome = RpcProgram.Outcome.DROPPED;
        } else if (reply instanceof CfReply.Failed failure) {
            fail(failure, failed);
        } else {
            Check.that(expected.isInstance(reply), "the storage answered another question");
            out.int4(Nfs3Status.OK);
            ok.accept(expected.cast(reply));
        }
    }

    /// Writes a failure in place of whatever was written.
    void fail(CfReply.Failed reply, Consumer<CfReply.Failed> failed) {
        out.xdr().rewind(resultsPosition);
        status = Nfs3Status.of(reply.status(), procedure);
        out.int4(status);
        failed.accept(reply);
    }

    /// Empty when it would have to be waited for.
    private Optional<CfReply> answerTo(CfRequest request, MemorySegment payload, MemorySegment room) {
        if (refusal.isPresent()) {
            return Optional.of(CfReply.Failed.of(refusal.get()));
        }
        if (!mayWait && !exports.isKnown()) {
            return Optional.empty();
        }
        var handle = CfRequest.handleOf(request).orElseThrow();
        var admission = exports.admit(handle, rpc.clientAddress());
        if (admission instanceof ExportTable.Admission.Refused refused) {
            return Optional.of(CfReply.Failed.of(refused.status()));
        }
        var export = ((ExportTable.Admission.Admitted) admission).export();
        readOnly = export.readOnly();
        var caller = Squasher.caller(rpc, rpc.clientAddress(), export);
        return mayWait
                ? Optional.of(storage.call(caller, request, payload, room))
                : attempted(caller, request, payload, room);
    }

    private Optional<CfReply> attempted(
            Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
        var parts = out.xdr().parts();
        return request instanceof CfRequest.Read read
                        && read.countBytes() >= GATHERED_BYTES_MIN
                        && read.countBytes() / Units.BLOCK_SIZE + 2 <= parts.room()
                ? storage.tryGather(caller, read, room, parts)
                : storage.tryCall(caller, request, payload, room);
    }
}
