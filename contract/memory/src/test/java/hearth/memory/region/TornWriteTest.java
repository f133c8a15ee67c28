package hearth.memory.region;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// A guest that dies at any store of a checkpoint or of a root leaves what was before or what is after.
class TornWriteTest {
    private static final long INSTANCE = 0x1234_5678_9ABCL;

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    /// What `read` finds in copies of the memory taken after each store of `change`.
    private <T> List<T> deaths(
            MemorySegment memory, Consumer<StoreObserver> change, Function<MemorySegment, T> read) {
        List<T> found = new ArrayList<>();
        change.accept(() -> {
            MemorySegment copy = arena.allocate(memory.byteSize(), 64);
            copy.copyFrom(memory);
            found.add(read.apply(copy));
        });
        return found;
    }

    private static byte[] filled(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static CheckpointSlots slots(MemorySegment memory, StoreObserver observer) {
        return new CheckpointSlots(memory, INSTANCE, observer);
    }

    @Test
    void checkpointIsTheOldOrTheNewAtEveryStore() {
        MemorySegment memory = arena.allocate(16384, 64);
        assertThat(slots(memory, StoreObserver.NONE).read()).isEmpty();
        int length = 900;
        for (int n = 1; n <= 5; n++) {
            byte[] before = filled(n - 1, length - 100);
            byte[] after = filled(n, length);
            int round = n;
            List<Optional<byte[]>> found = deaths(memory,
                    observer -> slots(memory, observer).write(after),
                    copy -> slots(copy, StoreObserver.NONE).read());
            assertThat(found).hasSizeGreaterThan(6);
            for (int i = 0; i < found.size(); i++) {
                Optional<byte[]> state = found.get(i);
                boolean last = i == found.size() - 1;
                if (last) {
                    assertThat(state).hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(after));
                } else if (round == 1) {
                    assertThat(state).isEmpty();
                } else {
                    assertThat(state).hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(before));
                }
            }
            length += 100;
        }
    }

    @Test
    void aSuccessorWritesOnAfterEveryDeath() {
        MemorySegment memory = arena.allocate(16384, 64);
        slots(memory, StoreObserver.NONE).write(filled(1, 700));
        List<Optional<byte[]>> found = deaths(memory,
                observer -> slots(memory, observer).write(filled(2, 700)),
                copy -> {
                    slots(copy, StoreObserver.NONE).write(filled(3, 500));
                    return slots(copy, StoreObserver.NONE).read();
                });
        assertThat(found).allSatisfy(state ->
                assertThat(state).hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(filled(3, 500))));
    }

    @Test
    void noiseInACheckpointIsNoticed() {
        MemorySegment memory = arena.allocate(4096, 64);
        slots(memory, StoreObserver.NONE).write(filled(9, 300));
        for (int at = 0; at < CommitSlotLayout.CRC_OFFSET + 4; at++) {
            assertNoticed(memory, at);
        }
        for (int at = CommitSlotLayout.SIZE; at < CommitSlotLayout.SIZE + 300; at++) {
            assertNoticed(memory, at);
        }
    }

    private void assertNoticed(MemorySegment memory, int at) {
        var layout = java.lang.foreign.ValueLayout.JAVA_BYTE;
        byte before = memory.get(layout, at);
        memory.set(layout, at, (byte) (before ^ 0x40));
        assertThat(slots(memory, StoreObserver.NONE).read()).as("byte %d", at).isEmpty();
        memory.set(layout, at, before);
    }

    @Test
    void anotherRegionsCheckpointIsNoCheckpoint() {
        MemorySegment memory = arena.allocate(4096, 64);
        slots(memory, StoreObserver.NONE).write(filled(9, 300));
        assertThat(new CheckpointSlots(memory, INSTANCE + 1, StoreObserver.NONE).read()).isEmpty();
    }

    private record Roots(long committed, long intent) {}

    private static Roots roots(MemorySegment memory) {
        RootRecord record = new RootRecord(memory, INSTANCE, StoreObserver.NONE);
        return new Roots(judged(record.committed()), judged(record.intent()));
    }

    private static long judged(Optional<RootRecord.Root> root) {
        root.ifPresent(found -> assertThat(found.bytes()).isEqualTo(filled((int) found.generation(), 4096)));
        return root.map(RootRecord.Root::generation).orElse(0L);
    }

    @Test
    void rootsGoFromIntentToCommittedWithoutAThirdState() {
        MemorySegment memory = arena.allocate(RootLayout.SIZE, 64);
        for (long n = 1; n <= 4; n++) {
            long generation = n;
            byte[] fsinfo = filled((int) n, 4096);
            List<Roots> intending = deaths(memory,
                    observer -> new RootRecord(memory, INSTANCE, observer).intend(fsinfo, generation),
                    TornWriteTest::roots);
            assertThat(intending.getLast()).isEqualTo(new Roots(n - 1, n));
            assertThat(intending.subList(0, intending.size() - 1)).containsOnly(new Roots(n - 1, 0));
            List<Roots> committing = deaths(memory,
                    observer -> new RootRecord(memory, INSTANCE, observer).commit(fsinfo, generation),
                    TornWriteTest::roots);
            assertThat(committing.getLast()).isEqualTo(new Roots(n, n));
            assertThat(committing.subList(0, committing.size() - 1)).containsOnly(new Roots(n - 1, n));
            List<Roots> clearing = deaths(memory,
                    observer -> new RootRecord(memory, INSTANCE, observer).clearIntent(), TornWriteTest::roots);
            assertThat(clearing).containsExactly(new Roots(n, 0));
        }
    }
}
