package hearth.memory.log;

import java.nio.ByteBuffer;
import java.util.Arrays;

import hearth.base.Check;

/// Who asked: the client's address without port (IPv4 mapped into IPv6), the call's xid and a checksum of the call.
/// `addressLength` is 0 where nobody outside asked, else 4 or 16.
public record CallIdentity(long clientHigh, long clientLow, int addressLength, int xid, long callChecksum) {
    private static final long V4_MAPPED = 0xFFFFL << 32;

    /// Records that no client asked for.
    public static final CallIdentity NONE = new CallIdentity(0, 0, 0, 0, 0);

    /// Takes 4 or 16 address bytes in network order.
    public static CallIdentity of(byte[] address, int xid, long callChecksum) {
        if (address.length == 4) {
            long low = V4_MAPPED | ByteBuffer.wrap(address).getInt() & 0xFFFF_FFFFL;
            return new CallIdentity(0, low, 4, xid, callChecksum);
        }
        Check.that(address.length == 16, "an address has 4 or 16 bytes", address.length);
        var bytes = ByteBuffer.wrap(address);
        return new CallIdentity(bytes.getLong(), bytes.getLong(), 16, xid, callChecksum);
    }

    public boolean isPresent() {
        return addressLength != 0;
    }

    /// True where client and xid agree, whatever was called.
    public boolean sameXid(CallIdentity other) {
        return xid == other.xid && clientHigh == other.clientHigh && clientLow == other.clientLow
            && addressLength == other.addressLength;
    }

    // Written out, as the ones that a record gets by itself make classes when they are first called.
    @Override
    public boolean equals(Object other) {
        return other instanceof CallIdentity call && sameXid(call) && callChecksum == call.callChecksum;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash());
    }

    /// The address as 0, 4 or 16 bytes.
    public byte[] address() {
        byte[] all = ByteBuffer.allocate(16).putLong(clientHigh).putLong(clientLow).array();
        return Arrays.copyOfRange(all, 16 - addressLength, 16);
    }

    /// A well-mixed hash of client and xid, the same in every process.
    public long hash() {
        long mixed = clientHigh * 0x9E37_79B9_7F4A_7C15L + clientLow;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L + xid;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return mixed ^ mixed >>> 32;
    }
}
