package hearth.nmodule.rpc;

/// Reply headers and the numbers in them (RFC 5531 §9).
final class RpcReply {
    static final int VERSION = 2;
    static final int CALL = 0;

    static final int SUCCESS = 0;
    static final int PROG_UNAVAIL = 1;
    static final int PROG_MISMATCH = 2;
    static final int PROC_UNAVAIL = 3;
    static final int GARBAGE_ARGS = 4;

    static final int RPC_MISMATCH = 0;
    static final int AUTH_ERROR = 1;

    /// Bytes of the header of an accepted reply.
    static final int ACCEPTED_BYTES = 24;

    private static final int REPLY = 1;
    private static final int MSG_ACCEPTED = 0;
    private static final int MSG_DENIED = 1;
    private static final int AUTH_NONE = 0;

    private RpcReply() {}

    static XdrWriter accepted(int xid, int status, XdrWriter reply) {
        reply.int4(xid).int4(REPLY).int4(MSG_ACCEPTED);
        return reply.int4(AUTH_NONE).int4(0).int4(status);
    }

    static XdrWriter denied(int xid, XdrWriter reply) {
        return reply.int4(xid).int4(REPLY).int4(MSG_DENIED);
    }
}
