package hearth.nmodule.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A position in XDR data (RFC 4506), checked at every step. Used by one thread.
public final class XdrReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment bytes;
    private long position;

    public XdrReader(MemorySegment bytes, long position) {
        this.bytes = bytes;
        this.position = position;
    }

    public int int4() throws XdrException {
        return bytes.get(INT, take(Integer.BYTES));
    }

    /// An unsigned number, as the widest type that holds it.
    public long unsigned4() throws XdrException {
        return Integer.toUnsignedLong(int4());
    }

    public long long8() throws XdrException {
        return bytes.get(LONG, take(Long.BYTES));
    }

    public boolean bool() throws XdrException {
        int value = int4();
        if (value != 0 && value != 1) {
            throw new XdrException("boolean " + value);
        }
        return value == 1;
    }

    /// Variable-length opaque data or a string of at most `bytesMax`: a view, no copy.
    public MemorySegment opaque(long bytesMax) throws XdrException {
        long length = unsigned4();
        if (length > bytesMax) {
            throw new XdrException("opaque of " + length + " bytes, allowed " + bytesMax);
        }
        long from = take(length);
        long pad = -length & 3;
        take(pad);
        return bytes.asSlice(from, length);
    }

    /// The same, copied.
    public byte[] opaqueBytes(long bytesMax) throws XdrException {
        return opaque(bytesMax).toArray(ValueLayout.JAVA_BYTE);
    }

    public void skip(long count) throws XdrException {
        take(count);
    }

    public long position() {
        return position;
    }

    public long remaining() {
        return bytes.byteSize() - position;
    }

    private long take(long count) throws XdrException {
        if (count > remaining()) {
            throw new XdrException("data ends at " + bytes.byteSize() + ", wanted " + count + " at " + position);
        }
        long from = position;
        position += count;
        return from;
    }
}
