package hearth.memory.region;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import hearth.base.Check;
import hearth.base.Units;

/// The aggregate's root as memory knows it: what a fast restart mounts without reading a disk. One writing thread, the
/// guest's consistency point.
///
/// Order of a consistency point: blocks flushed → `intend` → fsinfo on all its places, flushed → `commit` →
/// `clearIntent`. A successor that finds an intent newer than the committed root writes that fsinfo again, flushes,
/// and commits it before any other write. A death at any store leaves the committed root of before or after.
public final class RootRecord {
    private final CommitSlot[] committed;
    private final CommitSlot intent;

    RootRecord(MemorySegment memory, long instance, StoreObserver observer) {
        committed = new CommitSlot[] {
            new CommitSlot(
                    memory.asSlice(RootLayout.COMMITTED_0_OFFSET, RootLayout.COMMITTED_0_SIZE), instance, observer),
            new CommitSlot(
                    memory.asSlice(RootLayout.COMMITTED_1_OFFSET, RootLayout.COMMITTED_1_SIZE), instance, observer)
        };
        intent = new CommitSlot(memory.asSlice(RootLayout.INTENT_OFFSET, RootLayout.INTENT_SIZE), instance, observer);
    }

    /// A complete fsinfo block and its generation.
    public record Root(long generation, byte[] bytes) {}

    /// Says which root is about to be written to the disks; `fsinfo` is one block of 4 KiB.
    public void intend(byte[] fsinfo, long generation) {
        checkBlock(fsinfo);
        intent.write(generation, fsinfo);
    }

    /// The root that was being written when the last consistency point stopped, or the committed one if `clearIntent`
    /// was not reached.
    public Optional<Root> intent() {
        return intent.read().map(RootRecord::root);
    }

    public void clearIntent() {
        intent.clear();
    }

    /// The disks hold this root durably. Replaces the older of the two.
    public void commit(byte[] fsinfo, long generation) {
        checkBlock(fsinfo);
        long first = generation(0);
        long second = generation(1);
        Check.that(generation >= Math.max(first, second), "a root never goes back", generation);
        committed[first > second ? 1 : 0].write(generation, fsinfo);
    }

    /// The newest committed root; empty in a region that never had one, or whose both slots are damaged.
    public Optional<Root> committed() {
        Optional<Root> first = committed[0].read().map(RootRecord::root);
        Optional<Root> second = committed[1].read().map(RootRecord::root);
        if (first.isEmpty() || second.isEmpty()) {
            return first.or(() -> second);
        }
        return first.get().generation() > second.get().generation() ? first : second;
    }

    private long generation(int slot) {
        return committed[slot].read().map(CommitSlot.Content::generation).orElse(0L);
    }

    private static Root root(CommitSlot.Content content) {
        return new Root(content.generation(), content.bytes());
    }

    private static void checkBlock(byte[] fsinfo) {
        Check.that(fsinfo.length == Units.BLOCK_SIZE, "fsinfo is one block", fsinfo.length);
    }
}
