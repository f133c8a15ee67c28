package hearth.base.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import hearth.base.Check;

/// Bytes that leave with one system call though they stand in many places: a head, which is told last, then parts in
/// their order. Whoever adds a part need not show it to whoever sends it: the memory is seen by the kernel alone. What
/// was added stays as it is, by the adder's word, until `release`. One thread at a time.
public final class IoVector {
    /// Takes no parts.
    public static final IoVector NONE = new IoVector(0);

    private static final Runnable NOTHING = () -> {};
    private static final long LENGTH_OFFSET = 8;
    private static final int ENTRY_SIZE = 16;

    /// What the kernel takes in one call.
    private static final int ENTRIES_MAX = 1024;

    private final int partsMax;
    // Entry 0 is the head's.
    private final MemorySegment entries;
    // Keeps what is to be sent reachable.
    private final MemorySegment[] memory;
    private int first;
    private int end = 1;
    private long byteSize;
    private Runnable held = NOTHING;

    /// @param partsMax parts beside the head
    public IoVector(int partsMax) {
        Check.that(partsMax >= 0 && partsMax < ENTRIES_MAX, "parts of a vector", partsMax);
        this.partsMax = partsMax;
        entries = Arena.ofAuto().allocate((long) (partsMax + 1) * ENTRY_SIZE, ENTRY_SIZE);
        memory = new MemorySegment[partsMax + 1];
    }

    /// Parts that can still be added.
    public int room() {
        return partsMax + 1 - end;
    }

    /// Adds `length` bytes from `offset` of native memory; there is room. Parts that follow each other in memory become
    /// one.
    public void add(MemorySegment from, long offset, long length) {
        check(from, offset, length);
        long address = from.address() + offset;
        if (end > 1 && address(end - 1) + length(end - 1) == address) {
            set(end - 1, from, address(end - 1), length(end - 1) + length);
        } else {
            Check.that(room() > 0, "too many parts", end);
            set(end, from, address, length);
            end++;
        }
        byteSize += length;
    }

    /// What goes before all parts; at most once.
    public void head(MemorySegment from) {
        Check.that(partsMax > 0 && length(0) == 0 && first == 0, "a head told twice, or too late");
        check(from, 0, from.byteSize());
        set(0, from, from.address(), from.byteSize());
        byteSize += from.byteSize();
    }

    private static void check(MemorySegment from, long offset, long length) {
        Check.that(from.isNative(), "the kernel takes native memory only");
        boolean inside = offset >= 0 && length > 0 && length <= from.byteSize() - offset;
        Check.that(inside, "outside the memory", offset, length);
    }

    private void set(int entry, MemorySegment owner, long address, long length) {
        long at = (long) entry * ENTRY_SIZE;
        entries.set(ValueLayout.JAVA_LONG, at, address);
        entries.set(ValueLayout.JAVA_LONG, at + LENGTH_OFFSET, length);
        memory[entry] = owner;
    }

    private long address(int entry) {
        return entries.get(ValueLayout.JAVA_LONG, (long) entry * ENTRY_SIZE);
    }

    private long length(int entry) {
        return entries.get(ValueLayout.JAVA_LONG, (long) entry * ENTRY_SIZE + LENGTH_OFFSET);
    }

    /// Bytes that are still to be sent.
    public long byteSize() {
        return byteSize;
    }

    /// What `release` has to run, so that the memory of the parts may change again; told once.
    public void hold(Runnable release) {
        Check.that(held == NOTHING, "held twice");
        held = release;
    }

    /// The kernel took the first `countBytes`: they are no longer part of this.
    public void sent(long countBytes) {
        Check.that(countBytes >= 0 && countBytes <= byteSize, "more sent than there was", countBytes, byteSize);
        byteSize -= countBytes;
        long left = countBytes;
        while (left > 0 && left >= length(first)) {
            left -= length(first);
            first++;
        }
        if (left > 0) {
            set(first, memory[first], address(first) + left, length(first) - left);
        }
    }

    /// Forgets all parts and lets their memory go. Nobody is sending them.
    public void release() {
        Runnable release = held;
        held = NOTHING;
        Arrays.fill(memory, 0, Math.min(end, memory.length), null);
        first = 0;
        end = 1;
        byteSize = 0;
        if (partsMax > 0) {
            entries.set(ValueLayout.JAVA_LONG, LENGTH_OFFSET, 0);
        }
        release.run();
    }

    /// Where the kernel finds the entries that are left.
    long entriesAddress() {
        return entries.address() + (long) first * ENTRY_SIZE;
    }

    int entriesCount() {
        return end - first;
    }
}
