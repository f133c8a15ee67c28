package hearth.nmodule.rpc;

/// Why a call is not carried out, in the words of RFC 5531 §9.
sealed interface RpcRefusal {
    /// MSG_DENIED: another version of RPC itself.
    record RpcMismatch() implements RpcRefusal {}

    /// MSG_DENIED: `status` is an `auth_stat`.
    record AuthError(int status) implements RpcRefusal {}

    record ProgramUnavailable() implements RpcRefusal {}

    record ProgramMismatch(int lowest, int highest) implements RpcRefusal {}

    record ProcedureUnavailable() implements RpcRefusal {}

    record GarbageArguments() implements RpcRefusal {}

    int AUTH_BADCRED = 1;
    int AUTH_BADVERF = 3;

    /// The most bytes of a refusal.
    int BYTES_MAX = 32;

    /// Writes the whole reply message.
    default void write(int xid, XdrWriter reply) {
        switch (this) {
            case RpcMismatch _ ->
                RpcReply.denied(xid, reply).int4(RpcReply.RPC_MISMATCH).int4(RpcReply.VERSION).int4(RpcReply.VERSION);
            case AuthError error -> RpcReply.denied(xid, reply).int4(RpcReply.AUTH_ERROR).int4(error.status());
            case ProgramUnavailable _ -> RpcReply.accepted(xid, RpcReply.PROG_UNAVAIL, reply);
            case ProgramMismatch mismatch ->
                RpcReply.accepted(xid, RpcReply.PROG_MISMATCH, reply)
                        .int4(mismatch.lowest())
                        .int4(mismatch.highest());
            case ProcedureUnavailable _ -> RpcReply.accepted(xid, RpcReply.PROC_UNAVAIL, reply);
            case GarbageArguments _ -> RpcReply.accepted(xid, RpcReply.GARBAGE_ARGS, reply);
        }
    }
}
