package hearth.dmodule.filesystem.blockmap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.BlockMapLayout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: nothing is given out twice, and nothing earlier than two consistency points after it was freed, also over
/// mounts. Method: random allocation beside an oracle of states; the map's blocks are kept as a mount would find them.
class BlockMapTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void aFreedBlockIsFreeAgainTwoConsistencyPointsLater(long seed) throws IOException {
        var random = new Random(seed);
        long total = 2 * BlockMapLayout.PER_BLOCK + 777;
        var disk = new HashMap<Long, byte[]>();
        BlockMap map = BlockMap.fresh(total);
        List<Long> used = new ArrayList<>();
        Map<Long, Long> freedBy = new HashMap<>();
        for (long generation = 1; generation <= 60; generation++) {
            map.begin(generation);
            assertThat(map.counts().free()).as("free at %d", generation)
                    .isEqualTo(total - 1 - used.size() - stillFreed(freedBy, generation));
            change(random, map, used, freedBy, generation, total);
            for (long block : map.dirtyBlocks()) {
                disk.put(block, map.bytes(block).clone());
            }
            map.written();
            if (random.nextInt(3) == 0) {
                map = new BlockMap(total, map.counts(), block -> disk.getOrDefault(block, new byte[4096]).clone());
            }
        }
    }

    private static long stillFreed(Map<Long, Long> freedBy, long generation) {
        return freedBy.values().stream().filter(by -> by + 2 > generation).count();
    }

    private static void change(
            Random random, BlockMap map, List<Long> used, Map<Long, Long> freedBy, long generation, long total)
            throws IOException {
        Set<Long> inUse = new HashSet<>(used);
        int wanted = (int) Math.min(random.nextInt(9000), map.counts().free());
        for (int i = 0; i < wanted; i++) {
            long vbn = map.allocate();
            assertThat(vbn).isBetween(1L, total - 1);
            assertThat(inUse.add(vbn)).as("given out twice: %d", vbn).isTrue();
            if (freedBy.containsKey(vbn)) {
                assertThat(freedBy.remove(vbn) + 2).as("too early: %d", vbn).isLessThanOrEqualTo(generation);
            }
            used.add(vbn);
        }
        int gone = random.nextInt(used.size() + 1);
        for (int i = 0; i < gone; i++) {
            int at = random.nextInt(used.size());
            long vbn = used.get(at);
            used.set(at, used.getLast());
            used.removeLast();
            map.free(vbn);
            freedBy.put(vbn, generation);
        }
    }

    @Test
    void neighboursAreGivenOutTogether() throws IOException {
        BlockMap map = BlockMap.fresh(100_000);
        map.begin(1);
        long first = map.allocate();
        for (int i = 1; i < 20_000; i++) {
            assertThat(map.allocate()).isEqualTo(first + i);
        }
    }

    @Test
    void theLastBlockCanBeUsedAndTheOneAfterItIsABug() throws IOException {
        BlockMap map = BlockMap.fresh(1000);
        map.begin(1);
        Set<Long> all = new HashSet<>();
        for (int i = 0; i < 999; i++) {
            all.add(map.allocate());
        }
        assertThat(all).hasSize(999).contains(1L, 999L).doesNotContain(0L);
        assertThatThrownBy(map::allocate).isInstanceOf(Check.Failed.class);
    }

    @Test
    void freeingWhatIsNotUsedIsABug() throws IOException {
        BlockMap map = BlockMap.fresh(1000);
        map.begin(1);
        assertThatThrownBy(() -> map.free(5)).isInstanceOf(Check.Failed.class);
        long vbn = map.allocate();
        map.free(vbn);
        assertThatThrownBy(() -> map.free(vbn)).isInstanceOf(Check.Failed.class);
        assertThatThrownBy(() -> map.free(0)).isInstanceOf(Check.Failed.class);
    }
}
