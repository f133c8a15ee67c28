package hearth.memory.area;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import hearth.base.Check;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;

/// A piece of shared memory as little-endian words and bytes. The segment never leaves the object.
///
/// Plain stores may be seen in any order until a release store or a fence; a killed process leaves all stores that it
/// retired. Not final because a test overrides `stored` to look at the memory after each single store.
public class AreaMemory {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_HANDLE = LONG.varHandle();
    private static final VarHandle INT_HANDLE = INT.varHandle();

    private final MemorySegment memory;
    private final StoreGroup group;

    /// Takes memory aligned to at least 8 bytes; its stores are the log's.
    public AreaMemory(MemorySegment memory) {
        this(memory, StoreGroup.LOG);
    }

    /// The same with what its stores belong to.
    public AreaMemory(MemorySegment memory, StoreGroup group) {
        Check.that(memory.maxByteAlignment() >= Long.BYTES, "shared memory is not aligned", memory.maxByteAlignment());
        this.memory = memory;
        this.group = group;
    }

    public final long sizeBytes() {
        return memory.byteSize();
    }

    public final long getLong(long offset) {
        return memory.get(LONG, offset);
    }

    public final int getInt(long offset) {
        return memory.get(INT, offset);
    }

    public final long getLongAcquire(long offset) {
        return (long) LONG_HANDLE.getAcquire(memory, offset);
    }

    public final int getIntAcquire(long offset) {
        return (int) INT_HANDLE.getAcquire(memory, offset);
    }

    public final void putLong(long offset, long value) {
        memory.set(LONG, offset, value);
        stored();
    }

    public final void putInt(long offset, int value) {
        memory.set(INT, offset, value);
        stored();
    }

    public final void putIntRelease(long offset, int value) {
        INT_HANDLE.setRelease(memory, offset, value);
        stored();
    }

    /// All earlier stores are seen before this one.
    public final void putLongRelease(long offset, long value) {
        LONG_HANDLE.setRelease(memory, offset, value);
        stored();
    }

    /// This store is seen before all later ones, and after all earlier ones: it declares what follows void.
    public final void putLongFirst(long offset, long value) {
        LONG_HANDLE.setRelease(memory, offset, value);
        VarHandle.storeStoreFence();
        stored();
    }

    /// Copies bytes out; they may be changing meanwhile: the caller judges the copy.
    public final void copyOut(long offset, byte[] to, int toOffset, int length) {
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, to, toOffset, length);
    }

    public final void copyOut(long offset, MemorySegment to, long toOffset, long length) {
        MemorySegment.copy(memory, offset, to, toOffset, length);
    }

    public void copyIn(byte[] from, int fromOffset, long offset, int length) {
        int first = DeathPoint.ARMED ? length / 2 : 0;
        if (first > 0) {
            MemorySegment.copy(from, fromOffset, memory, ValueLayout.JAVA_BYTE, offset, first);
            stored();
        }
        MemorySegment.copy(
                from, fromOffset + first, memory, ValueLayout.JAVA_BYTE, offset + first, length - first);
        stored();
    }

    public void copyIn(MemorySegment from, long fromOffset, long offset, long length) {
        long first = DeathPoint.ARMED ? length / 2 : 0;
        if (first > 0) {
            MemorySegment.copy(from, fromOffset, memory, offset, first);
            stored();
        }
        MemorySegment.copy(from, fromOffset + first, memory, offset + first, length - first);
        stored();
    }

    /// A part for another class of this module to wrap: doorbell words only.
    public final MemorySegment slice(long offset, long sizeBytes) {
        return memory.asSlice(offset, sizeBytes);
    }

    /// Loads before this line stay before loads after it.
    public static void loadFence() {
        VarHandle.acquireFence();
    }

    /// Called after each store; a test may watch instead.
    protected void stored() {
        DeathPoint.stored(group);
    }
}
