package hearth.memory.region;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The boot checkpoint's place in the region: two slots written in turn, so that a death while one is written leaves
/// the other. One writing thread: the guest's. Survives the guest, not the host.
public final class CheckpointSlots {
    private final CommitSlot[] slots;

    CheckpointSlots(MemorySegment memory, long instance, StoreObserver observer) {
        long slotBytes = memory.byteSize() / 2;
        slots = new CommitSlot[] {
            new CommitSlot(memory.asSlice(0, slotBytes), instance, observer),
            new CommitSlot(memory.asSlice(slotBytes, slotBytes), instance, observer)
        };
    }

    /// Longest checkpoint that fits.
    public int capacity() {
        return slots[0].capacity();
    }

    /// The newest checkpoint that was written whole. Empty in a new region, or when both slots are damaged.
    public Optional<byte[]> read() {
        int newest = newest();
        return newest < 0 ? Optional.empty() : slots[newest].read().map(CommitSlot.Content::bytes);
    }

    /// Replaces the older one. When it returns, `read` gives this one, now and in every successor.
    public void write(byte[] checkpoint) {
        int newest = newest();
        long generation = newest < 0 ? 0 : slots[newest].read().map(CommitSlot.Content::generation).orElse(0L);
        slots[newest == 0 ? 1 : 0].write(generation + 1, checkpoint);
    }

    /// Slots that are neither empty nor whole: damaged, or left so by a death while one was written.
    public int refused() {
        int refused = 0;
        for (CommitSlot slot : slots) {
            refused += slot.isUsed() && slot.read().isEmpty() ? 1 : 0;
        }
        return refused;
    }

    /// Forgets both, so that the next boot probes.
    public void clear() {
        slots[0].clear();
        slots[1].clear();
    }

    private int newest() {
        long first = slots[0].read().map(CommitSlot.Content::generation).orElse(0L);
        long second = slots[1].read().map(CommitSlot.Content::generation).orElse(0L);
        if (first == 0 && second == 0) {
            return -1;
        }
        return first > second ? 0 : 1;
    }
}
