package hearth.nmodule.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import hearth.base.Check;
import hearth.base.posix.IoVector;

/// Writes XDR data (RFC 4506) into memory that is large enough: who announced the size of a reply has counted. Used by
/// one thread.
public final class XdrWriter {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment memory;
    private final IoVector parts;
    private long position;

    public XdrWriter(MemorySegment memory) {
        this(memory, IoVector.NONE);
    }

    /// One whose last opaque data may be in `parts` instead of the memory.
    public XdrWriter(MemorySegment memory, IoVector parts) {
        this.memory = memory;
        this.parts = parts;
    }

    /// Where opaque data that nothing but its padding follows may be put together, in place of the memory that it takes
    /// all the same (`ahead`, `placed`); `IoVector.NONE` where that cannot be.
    public IoVector parts() {
        return parts;
    }

    public XdrWriter int4(int value) {
        memory.set(INT, take(Integer.BYTES), value);
        return this;
    }

    public XdrWriter long8(long value) {
        memory.set(LONG, take(Long.BYTES), value);
        return this;
    }

    public XdrWriter bool(boolean value) {
        return int4(value ? 1 : 0);
    }

    /// Variable-length opaque data, or a string.
    public XdrWriter opaque(byte[] value) {
        int4(value.length);
        long to = take(value.length);
        MemorySegment.copy(value, 0, memory, ValueLayout.JAVA_BYTE, to, value.length);
        return pad(value.length);
    }

    /// Fixed-length opaque data of a multiple of 4 bytes.
    public XdrWriter fixed(byte[] value) {
        Check.that((value.length & 3) == 0, "fixed opaque needs padding", value.length);
        long to = take(value.length);
        MemorySegment.copy(value, 0, memory, ValueLayout.JAVA_BYTE, to, value.length);
        return this;
    }

    /// A view of the memory `ahead` bytes from here, for data that is put there before what precedes it is known.
    public MemorySegment ahead(long ahead, long size) {
        Check.that(position + ahead + size <= memory.byteSize(), "reply over its room", position, ahead + size);
        return memory.asSlice(position + ahead, size);
    }

    /// Passes over opaque data whose `length` bytes stand here already (`ahead`); only the padding is written.
    public XdrWriter placed(int length) {
        take(length);
        return pad(length);
    }

    /// Puts the position back to an earlier one.
    public void rewind(long earlier) {
        Check.that(earlier >= 0 && earlier <= position, "rewound forward", earlier, position);
        position = earlier;
    }

    public long position() {
        return position;
    }

    /// Bytes that still fit.
    public long remaining() {
        return memory.byteSize() - position;
    }

    private XdrWriter pad(int length) {
        for (int i = -length & 3; i > 0; i--) {
            memory.set(ValueLayout.JAVA_BYTE, take(1), (byte) 0);
        }
        return this;
    }

    private long take(long count) {
        Check.that(count <= remaining(), "reply over its room", position, count);
        long from = position;
        position += count;
        return from;
    }
}
