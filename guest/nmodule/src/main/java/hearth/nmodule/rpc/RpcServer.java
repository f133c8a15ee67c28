package hearth.nmodule.rpc;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

import hearth.base.posix.IoVector;
import hearth.nmodule.net.NetStatistics;
import hearth.nmodule.net.RecordService;

/// Takes a record apart as far as the arguments, finds the program, and refuses what cannot be carried out.
public final class RpcServer implements RecordService {
    private static final int AUTH_BODY_BYTES_MAX = 400;
    private static final int AUTH_NONE = 0;
    private static final int AUTH_SYS = 1;
    private static final int MACHINE_NAME_BYTES_MAX = 255;
    private static final int GROUPS_MAX = 16;

    private final List<RpcProgram> programs;
    private final NetStatistics statistics;

    public RpcServer(List<RpcProgram> programs, NetStatistics statistics) {
        this.programs = List.copyOf(programs);
        this.statistics = statistics;
    }

    @Override
    public Optional<PreparedCall> prepare(byte[] clientAddress, MemorySegment record) {
        var in = new XdrReader(record, 0);
        int xid;
        try {
            xid = in.int4();
            if (in.int4() != RpcReply.CALL) {
                return Optional.empty();
            }
        } catch (XdrException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(understood(clientAddress, record, xid, in));
        } catch (XdrException e) {
            return Optional.of(new RefusedCall(xid, new RpcRefusal.GarbageArguments()));
        }
    }

    private PreparedCall understood(byte[] clientAddress, MemorySegment record, int xid, XdrReader in)
            throws XdrException {
        int rpcVersion = in.int4();
        if (rpcVersion != RpcReply.VERSION) {
            return new RefusedCall(xid, new RpcRefusal.RpcMismatch());
        }
        var header = new RpcHeader(xid, rpcVersion, in.int4(), in.int4(), in.int4());
        var credentials = credentials(in);
        if (credentials.isEmpty()) {
            return new RefusedCall(xid, new RpcRefusal.AuthError(RpcRefusal.AUTH_BADCRED));
        }
        if (!verifierIsEmpty(in)) {
            return new RefusedCall(xid, new RpcRefusal.AuthError(RpcRefusal.AUTH_BADVERF));
        }
        for (RpcProgram program : programs) {
            if (program.number() == header.program()) {
                var refusal = refusalBy(program, header);
                return refusal.isPresent()
                        ? new RefusedCall(xid, refusal.get())
                        : new ProgramCall(
                                program,
                                new RpcCall(clientAddress, record, header, credentials.get(), in.position()));
            }
        }
        return new RefusedCall(xid, new RpcRefusal.ProgramUnavailable());
    }

    private static Optional<RpcRefusal> refusalBy(RpcProgram program, RpcHeader header) {
        if (Integer.compareUnsigned(header.version(), program.lowestVersion()) < 0
                || Integer.compareUnsigned(header.version(), program.highestVersion()) > 0) {
            return Optional.of(
                    new RpcRefusal.ProgramMismatch(program.lowestVersion(), program.highestVersion()));
        }
        return program.hasProcedure(header.version(), header.procedure())
                ? Optional.empty()
                : Optional.of(new RpcRefusal.ProcedureUnavailable());
    }

    /// Empty when they are of a kind, or have contents, that cannot be accepted.
    private static Optional<Credentials> credentials(XdrReader in) throws XdrException {
        int flavor = in.int4();
        long length = in.unsigned4();
        if (length > AUTH_BODY_BYTES_MAX || length > in.remaining()) {
            return Optional.empty();
        }
        long end = in.position() + (length + 3 & ~3L);
        return switch (flavor) {
            case AUTH_NONE -> {
                in.skip(end - in.position());
                yield Optional.of(new Credentials.Anonymous());
            }
            case AUTH_SYS -> unix(in, end);
            default -> Optional.empty();
        };
    }

    private static Optional<Credentials> unix(XdrReader in, long end) {
        try {
            in.skip(Integer.BYTES);
            in.opaque(MACHINE_NAME_BYTES_MAX);
            int uid = in.int4();
            int gid = in.int4();
            int count = in.int4();
            if (count < 0 || count > GROUPS_MAX) {
                return Optional.empty();
            }
            var groups = new int[count];
            for (int i = 0; i < count; i++) {
                groups[i] = in.int4();
            }
            return in.position() == end ? Optional.of(new Credentials.Unix(uid, gid, groups)) : Optional.empty();
        } catch (XdrException e) {
            return Optional.empty();
        }
    }

    private static boolean verifierIsEmpty(XdrReader in) throws XdrException {
        int flavor = in.int4();
        int length = in.int4();
        return flavor == AUTH_NONE && length == 0;
    }

    private final class RefusedCall implements PreparedCall {
        private final int xid;
        private final RpcRefusal refusal;

        RefusedCall(int xid, RpcRefusal refusal) {
            this.xid = xid;
            this.refusal = refusal;
        }

        @Override
        public int replyBytesMax() {
            return RpcRefusal.BYTES_MAX;
        }

        @Override
        public int answer(MemorySegment reply) {
            statistics.refusedCall();
            var out = new XdrWriter(reply);
            refusal.write(xid, out);
            return (int) out.position();
        }

        @Override
        public int tryAnswer(MemorySegment reply, IoVector parts) {
            return answer(reply);
        }

        @Override
        public void sent() {}
    }

    private final class ProgramCall implements PreparedCall {
        private final RpcProgram program;
        private final RpcCall call;

        ProgramCall(RpcProgram program, RpcCall call) {
            this.program = program;
            this.call = call;
        }

        @Override
        public int replyBytesMax() {
            return RpcReply.ACCEPTED_BYTES + Math.max(program.resultBytesMax(call), RpcRefusal.BYTES_MAX);
        }

        @Override
        public int answer(MemorySegment reply) {
            return answer(new XdrWriter(reply), true);
        }

        @Override
        public int tryAnswer(MemorySegment reply, IoVector parts) {
            return answer(new XdrWriter(reply, parts), false);
        }

        private int answer(XdrWriter out, boolean mayWait) {
            try {
                RpcReply.accepted(call.xid(), RpcReply.SUCCESS, out);
                return switch (mayWait ? program.call(call, out) : program.tryCall(call, out)) {
                    case ANSWERED -> (int) out.position();
                    case DROPPED -> {
                        statistics.droppedCall();
                        yield NO_REPLY;
                    }
                    case WOULD_WAIT -> WOULD_WAIT;
                };
            } catch (XdrException e) {
                statistics.refusedCall();
                out.rewind(0);
                new RpcRefusal.GarbageArguments().write(call.xid(), out);
                return (int) out.position();
            }
        }

        @Override
        public void sent() {
            program.replied();
        }
    }
}
