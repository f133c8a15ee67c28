package hearth.memory.word;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Loads and stores of aligned words. The handles are static and final: one in an instance field is several times
/// slower. Reading: once, then judge the copy.
public final class Words {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private Words() {}

    public static long loadLong(MemorySegment memory, long offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    public static int loadInt(MemorySegment memory, long offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    public static void storeLong(MemorySegment memory, long offset, long value) {
        LONG.setRelease(memory, offset, value);
    }

    public static void storeInt(MemorySegment memory, long offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    public static int loadVolatileInt(MemorySegment memory, long offset) {
        return (int) INT.getVolatile(memory, offset);
    }

    public static void storeVolatileInt(MemorySegment memory, long offset, int value) {
        INT.setVolatile(memory, offset, value);
    }

    public static long loadVolatileLong(MemorySegment memory, long offset) {
        return (long) LONG.getVolatile(memory, offset);
    }

    public static void storeVolatileLong(MemorySegment memory, long offset, long value) {
        LONG.setVolatile(memory, offset, value);
    }

    /// For words that several threads of the one writing process change.
    public static long addLong(MemorySegment memory, long offset, long delta) {
        return (long) LONG.getAndAdd(memory, offset, delta);
    }

    public static int addInt(MemorySegment memory, long offset, int delta) {
        return (int) INT.getAndAdd(memory, offset, delta);
    }

    public static int andInt(MemorySegment memory, long offset, int mask) {
        return (int) INT.getAndBitwiseAnd(memory, offset, mask);
    }

    public static int orInt(MemorySegment memory, long offset, int bits) {
        return (int) INT.getAndBitwiseOr(memory, offset, bits);
    }

    /// Before a second look at a word that tells whether bytes copied in between were whole.
    public static void loadFence() {
        VarHandle.loadLoadFence();
    }

    /// After a word that declares bytes void, before the first of these bytes changes.
    public static void storeFence() {
        VarHandle.storeStoreFence();
    }

    /// Between a store and a load of different words, both of which the other side sees in this order.
    public static void fullFence() {
        VarHandle.fullFence();
    }
}
