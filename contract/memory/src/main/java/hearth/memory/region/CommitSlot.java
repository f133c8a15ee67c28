package hearth.memory.region;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

import hearth.base.Check;
import hearth.memory.word.Crc;
import hearth.memory.word.Words;

/// One slot of bytes. A death at any store leaves it readable only if it is whole: either the old content is still
/// untouched (no store yet) or the slot reads as empty (until the last store) or the new content is complete.
final class CommitSlot {
    /// Bytes between two looks of the observer; a test sees the slot after each such piece.
    private static final int OBSERVED_PIECE_BYTES = 512;

    private final MemorySegment slot;
    private final long instance;
    private final StoreObserver observer;

    CommitSlot(MemorySegment slot, long instance, StoreObserver observer) {
        Check.that(slot.byteSize() > CommitSlotLayout.SIZE, "a slot without room", slot.byteSize());
        this.slot = slot;
        this.instance = instance;
        this.observer = observer;
    }

    record Content(long generation, byte[] bytes) {}

    int capacity() {
        return (int) Math.min(Integer.MAX_VALUE, slot.byteSize() - CommitSlotLayout.SIZE);
    }

    /// Writes all of it; `generation` is positive.
    void write(long generation, byte[] bytes) {
        Check.that(generation > 0, "generations are positive", generation);
        Check.that(bytes.length <= capacity(), "content does not fit its slot", bytes.length, capacity());
        Words.storeLong(slot, CommitSlotLayout.GENERATION_OFFSET, -generation);
        Words.storeFence();
        observer.stored();
        Words.storeLong(slot, CommitSlotLayout.INSTANCE_OFFSET, instance);
        observer.stored();
        Words.storeInt(slot, CommitSlotLayout.LENGTH_OFFSET, bytes.length);
        observer.stored();
        Words.storeInt(slot, CommitSlotLayout.CRC_OFFSET, checksum(generation, bytes));
        observer.stored();
        int step = observer == StoreObserver.NONE ? Math.max(1, bytes.length) : OBSERVED_PIECE_BYTES;
        for (int at = 0; at < bytes.length; at += step) {
            int length = Math.min(step, bytes.length - at);
            MemorySegment.copy(bytes, at, slot, ValueLayout.JAVA_BYTE, CommitSlotLayout.SIZE + (long) at, length);
            observer.stored();
        }
        // Release, and last: a guest killed before this line leaves an empty slot, never a wrong one.
        Words.storeLong(slot, CommitSlotLayout.GENERATION_OFFSET, generation);
        observer.stored();
    }

    /// The content, if the slot was written whole, in this region, and is not damaged.
    Optional<Content> read() {
        long generation = Words.loadLong(slot, CommitSlotLayout.GENERATION_OFFSET);
        int length = Words.loadInt(slot, CommitSlotLayout.LENGTH_OFFSET);
        int crc = Words.loadInt(slot, CommitSlotLayout.CRC_OFFSET);
        if (generation <= 0
                || length < 0
                || length > capacity()
                || Words.loadLong(slot, CommitSlotLayout.INSTANCE_OFFSET) != instance) {
            return Optional.empty();
        }
        byte[] bytes = new byte[length];
        MemorySegment.copy(slot, ValueLayout.JAVA_BYTE, CommitSlotLayout.SIZE, bytes, 0, length);
        Words.loadFence();
        boolean whole = Words.loadLong(slot, CommitSlotLayout.GENERATION_OFFSET) == generation
                && crc == checksum(generation, bytes);
        return whole ? Optional.of(new Content(generation, bytes)) : Optional.empty();
    }

    /// Whether somebody began to write it since it was cleared.
    boolean isUsed() {
        return Words.loadLong(slot, CommitSlotLayout.GENERATION_OFFSET) != 0;
    }

    /// Empties the slot with one store.
    void clear() {
        Words.storeLong(slot, CommitSlotLayout.GENERATION_OFFSET, 0);
        observer.stored();
    }

    private int checksum(long generation, byte[] bytes) {
        return Crc.seeded(bytes, generation, instance, bytes.length);
    }
}
