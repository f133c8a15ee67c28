package hearth.cf;

/// Who calls, after the export's squash rules: the effective Unix identity, and what makes a repeated call
/// recognisable.
///
/// @param clientAddress 4 or 16 bytes, without the port: a client that reconnects is the same client
/// @param xid the protocol's transaction id
/// @param callChecksum CRC32C of the whole call as received (procedure, credentials, arguments), in the low 32 bits,
///     and its length in the high ones: a reused xid with another call is another call
/// @param groups supplementary groups, at most 16; not changed by anyone
/// @param readOnly the export allows no changes: every mutation is answered READ_ONLY
public record Caller(
        byte[] clientAddress, int xid, long callChecksum, int uid, int gid, int[] groups, boolean readOnly) {
    public boolean isRoot() {
        return uid == 0;
    }
}
