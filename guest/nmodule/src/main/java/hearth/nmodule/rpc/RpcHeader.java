package hearth.nmodule.rpc;

/// The first words of a call (RFC 5531 §9): what it is for.
record RpcHeader(int xid, int rpcVersion, int program, int version, int procedure) {}
