package hearth.memory.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import hearth.memory.area.WatchedMemory;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: an entry is the newest record of its key in this lap, or is not believed; clearing is O(1); full is an answer.
/// Method: real memory, copied after each store; a heap map as oracle.
class DirtyIndexTest {
    private static final int ENTRIES = 64;

    private static MemorySegment memory() {
        return Arena.ofAuto().allocate(DirtyIndexLayout.sizeBytes(ENTRIES), 64);
    }

    @Test
    void theNewestPutOfAKeyWins() {
        var index = new DirtyIndex(memory(), ENTRIES);
        assertThat(index.get(DirtyKey.data(1, 2))).isEqualTo(new DirtyIndex.Lookup.Nothing());
        index.clear(1);
        Map<DirtyKey, DirtyIndex.Lookup> oracle = new HashMap<>();
        var random = new Random(7);
        for (long lsn = 1; lsn < 1000; lsn++) {
            var key = DirtyKey.data(random.nextInt(4), random.nextInt(10));
            long position = random.nextLong(1L << 31) * 64;
            index.put(key, lsn, position, (int) lsn % 256);
            oracle.put(key, new DirtyIndex.Lookup.Entry(lsn, position, (int) lsn % 256));
        }
        oracle.forEach((key, entry) -> assertThat(index.get(key)).isEqualTo(entry));
        assertThat(index.count()).isEqualTo(oracle.size());
        assertThat(index.get(DirtyKey.name(1, 2))).isEqualTo(new DirtyIndex.Lookup.Nothing());
    }

    @Test
    void afterClearingNothingThatWasOverwrittenCounts() {
        var random = new Random(5);
        for (int round = 0; round < 1000; round++) {
            var memory = memory();
            var index = new DirtyIndex(memory, ENTRIES);
            index.clear(1);
            for (int block = 0; block < 10; block++) {
                index.put(DirtyKey.data(1, block), 1 + block, 0, 0);
            }
            for (long at = 0; at < memory.byteSize(); at += Long.BYTES) {
                memory.set(ValueLayout.JAVA_LONG, at, random.nextLong() >>> random.nextInt(60));
            }
            index.clear(1);
            for (int block = 0; block < index.limit(); block++) {
                assertThat(index.put(DirtyKey.data(2, block), 1 + block, 64, 0)).isEqualTo(new DirtyIndex.Put.Done());
            }
            for (int block = 0; block < 10; block++) {
                assertThat(index.get(DirtyKey.data(1, block))).isEqualTo(new DirtyIndex.Lookup.Nothing());
            }
            assertThat(index.count()).isEqualTo(index.limit());
        }
    }

    @Test
    void entriesOfAnEarlierLapDoNotCount() {
        var memory = memory();
        var index = new DirtyIndex(memory, ENTRIES);
        index.clear(1);
        for (int block = 0; block < 40; block++) {
            index.put(DirtyKey.data(1, block), 1 + block, 0, 0);
        }
        index.clear(41);
        assertThat(index.indexedLsn()).isEqualTo(40);
        assertThat(index.count()).isZero();
        for (int block = 0; block < 40; block++) {
            assertThat(index.get(DirtyKey.data(1, block))).isEqualTo(new DirtyIndex.Lookup.Nothing());
        }
        index.put(DirtyKey.data(1, 3), 41, 64, 0);
        assertThat(new DirtyIndex(memory, ENTRIES).get(DirtyKey.data(1, 3)))
                .isEqualTo(new DirtyIndex.Lookup.Entry(41, 64, 0));
    }

    @Test
    void fullIsAnAnswerAndChangesNothing() {
        var index = new DirtyIndex(memory(), ENTRIES);
        index.clear(1);
        for (int block = 0; block < index.limit(); block++) {
            assertThat(index.put(DirtyKey.data(1, block), 1, 0, 0)).isEqualTo(new DirtyIndex.Put.Done());
        }
        assertThat(index.roomFor(1)).isFalse();
        assertThat(index.put(DirtyKey.data(2, 0), 2, 0, 0)).isEqualTo(new DirtyIndex.Put.Full());
        assertThat(index.get(DirtyKey.data(2, 0))).isEqualTo(new DirtyIndex.Lookup.Nothing());
        assertThat(index.put(DirtyKey.data(1, 0), 2, 64, 0)).as("a key that is there").isEqualTo(
                new DirtyIndex.Put.Done());
    }

    @Test
    void deathAfterAnyStoreLeavesNoEntryThatIsWronglyBelieved() {
        var watched = new WatchedMemory(memory());
        var index = new DirtyIndex(watched, ENTRIES);
        // Where each record begins: the log, as far as believing needs it.
        Map<Long, Long> positions = new HashMap<>();
        Map<DirtyKey, Long> settled = new HashMap<>();
        List<DirtyKey> keys = new ArrayList<>();
        watched.watch(() -> {
            var left = new DirtyIndex(watched.snapshot(), ENTRIES);
            for (DirtyKey key : keys) {
                long indexed = settled.getOrDefault(key, 0L);
                if (left.get(key) instanceof DirtyIndex.Lookup.Entry(long lsn, long position, int piece)) {
                    boolean believed = positions.get(lsn) == position;
                    assertThat(!believed || lsn >= indexed && piece == (int) lsn).isTrue();
                    assertThat(believed || left.indexedLsn() < positions.size()).isTrue();
                } else {
                    assertThat(indexed == 0 || left.startLsn() != 1).isTrue();
                }
            }
        });
        index.clear(1);
        for (int i = 0; i < 6; i++) {
            keys.add(DirtyKey.data(9, i));
        }
        var random = new Random(3);
        for (long lsn = 1; lsn <= 60; lsn++) {
            positions.put(lsn, lsn * 128);
            var key = keys.get(random.nextInt(keys.size()));
            index.put(key, lsn, lsn * 128, (int) lsn);
            settled.put(key, lsn);
            index.indexed(lsn);
        }
        settled.clear();
        index.clear(61);
    }
}
