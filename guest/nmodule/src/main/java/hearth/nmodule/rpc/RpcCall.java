package hearth.nmodule.rpc;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// A call whose header was understood. Used by one thread at a time.
public final class RpcCall {
    private static final int XID_BYTES = 4;

    private final byte[] clientAddress;
    private final MemorySegment record;
    private final int xid;
    private final int version;
    private final int procedure;
    private final Credentials credentials;
    private final long argumentsOffset;

    RpcCall(
            byte[] clientAddress,
            MemorySegment record,
            RpcHeader header,
            Credentials credentials,
            long argumentsOffset) {
        this.clientAddress = clientAddress;
        this.record = record;
        this.xid = header.xid();
        this.version = header.version();
        this.procedure = header.procedure();
        this.credentials = credentials;
        this.argumentsOffset = argumentsOffset;
    }

    /// 4 or 16 bytes.
    public byte[] clientAddress() {
        return clientAddress;
    }

    public int xid() {
        return xid;
    }

    public int version() {
        return version;
    }

    public int procedure() {
        return procedure;
    }

    public Credentials credentials() {
        return credentials;
    }

    /// A new reader at the first argument.
    public XdrReader arguments() {
        return new XdrReader(record, argumentsOffset);
    }

    /// What tells this call from another with the same xid: CRC32C of everything behind the xid in the low 32 bits,
    /// its length in the high ones.
    public long checksum() {
        var bytes = record.asSlice(XID_BYTES);
        var crc = new CRC32C();
        crc.update(bytes.asByteBuffer());
        return bytes.byteSize() << 32 | crc.getValue();
    }
}
