package hearth.dmodule.filesystem.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.TreeLayout;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a new version of a tree holds what was written and not cut, shares the rest, releases just what it does not
/// share, and never touches an old block. Method: random versions beside a map; old versions are read again.
class TreeWriterTest {
    /// Blocks in a map, with their owners' rules checked.
    private static final class Space implements TreeWriter.Blocks {
        final Map<Long, byte[]> blocks = new HashMap<>();
        final Set<Long> released = new HashSet<>();
        long nextVbn = 1;
        long content;
        long placed;

        @Override
        public long place(int level, long index) {
            placed++;
            return nextVbn++;
        }

        @Override
        public void release(BlockPointer old) {
            assertThat(released.add(old.vbn())).as("released twice").isTrue();
        }

        @Override
        public int writeData(long fbn, long vbn) {
            var bytes = new byte[4096];
            Bytes.putLong(bytes, 0, fbn);
            Bytes.putLong(bytes, 8, content);
            assertThat(blocks.put(vbn, bytes)).isNull();
            return Bytes.crc(bytes);
        }

        @Override
        public void writeIndirect(long vbn, byte[] bytes, int crc) {
            assertThat(Bytes.crc(bytes)).isEqualTo(crc);
            assertThat(blocks.put(vbn, bytes.clone())).isNull();
        }

        @Override
        public byte[] block(BlockPointer pointer) {
            byte[] bytes = blocks.get(pointer.vbn());
            assertThat(Bytes.crc(bytes)).isEqualTo(pointer.crc());
            return bytes;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyVersionHoldsWhatItShouldAndOldOnesStay(long seed) throws IOException {
        var random = new Random(seed);
        var space = new Space();
        FileTree tree = FileTree.EMPTY;
        TreeMap<Long, Long> expected = new TreeMap<>();
        FileTree older = tree;
        TreeMap<Long, Long> olderExpected = new TreeMap<>();
        for (int version = 1; version <= 60; version++) {
            space.content = version;
            long reach = 1L << random.nextInt(random.nextInt(4) == 0 ? 32 : 14);
            long cutTo = random.nextInt(3) == 0 ? random.nextLong(reach + 1) : Long.MAX_VALUE;
            if (random.nextInt(10) == 0) {
                cutTo = 0;
            }
            Set<Long> changed = new TreeSet<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                long base = random.nextLong(reach);
                for (int run = random.nextInt(12); run >= 0; run--) {
                    changed.add(base + run);
                }
            }
            expected.tailMap(cutTo, true).clear();
            for (long fbn : changed) {
                expected.put(fbn, (long) version);
            }
            FileTree next = TreeWriter.write(
                    tree, space, version, changed.stream().mapToLong(Long::longValue).toArray(), cutTo);
            verify(space, next, expected, version);
            verify(space, older, olderExpected, version);
            older = next;
            olderExpected = new TreeMap<>(expected);
            tree = next;
            assertThat(live(space, tree)).as("what is not released is the tree")
                    .isEqualTo(unreleased(space));
        }
        assertThat(tree.height()).isPositive();
    }

    private static Set<Long> unreleased(Space space) {
        Set<Long> rest = new HashSet<>(space.blocks.keySet());
        rest.removeAll(space.released);
        return rest;
    }

    private static Set<Long> live(Space space, FileTree tree) {
        Set<Long> found = new HashSet<>();
        TreeReader.<RuntimeException, RuntimeException, RuntimeException>walk(tree, space::block, (pointer, _, _) ->
                found.add(pointer.vbn()));
        assertThat(found).hasSize((int) tree.usedBlocks());
        return found;
    }

    private static void verify(Space space, FileTree tree, TreeMap<Long, Long> expected, int newest) {
        List<Long> found = new ArrayList<>();
        TreeReader.Visitor<RuntimeException> visitor = (pointer, level, index) -> {
            assertThat(pointer.birth()).isBetween(1L, (long) newest);
            if (level == 0) {
                found.add(index);
                assertThat(Bytes.getLong(space.block(pointer), 8)).isEqualTo(expected.get(index));
                assertThat(TreeReader.find(tree, index, space::block)).isEqualTo(pointer);
            }
            return true;
        };
        TreeReader.<RuntimeException, RuntimeException, RuntimeException>walk(tree, space::block, visitor);
        assertThat(found).isEqualTo(List.copyOf(expected.keySet()));
    }

    @Test
    void changingOneBlockWritesOnlyItsPath() throws IOException {
        var space = new Space();
        long[] many = new long[3000];
        for (int i = 0; i < many.length; i++) {
            many[i] = i;
        }
        FileTree tree = TreeWriter.write(FileTree.EMPTY, space, 1, many, Long.MAX_VALUE);
        assertThat(tree.height()).isEqualTo(2);
        space.placed = 0;
        FileTree next = TreeWriter.write(tree, space, 2, new long[] {1500}, Long.MAX_VALUE);
        assertThat(space.placed).isEqualTo(3);
        assertThat(space.released).hasSize(3);
        assertThat(next.usedBlocks()).isEqualTo(tree.usedBlocks());
    }

    @Test
    void cuttingWhereNothingIsChangesNothing() throws IOException {
        var space = new Space();
        FileTree tree = TreeWriter.write(FileTree.EMPTY, space, 1, new long[] {3, 5000}, Long.MAX_VALUE);
        space.placed = 0;
        FileTree next = TreeWriter.write(tree, space, 2, new long[0], 5001);
        assertThat(space.placed).isZero();
        assertThat(space.released).isEmpty();
        assertThat(next).usingRecursiveComparison().isEqualTo(tree);
    }

    @Test
    void theLargestFileHasItsLastBlock() throws IOException {
        var space = new Space();
        long last = TreeLayout.FILE_BLOCKS_MAX - 1;
        FileTree tree = TreeWriter.write(FileTree.EMPTY, space, 1, new long[] {0, last}, Long.MAX_VALUE);
        assertThat(TreeReader.find(tree, last, space::block).isHole()).isFalse();
        assertThat(TreeReader.find(tree, last - 1, space::block).isHole()).isTrue();
        assertThat(TreeReader.find(tree, last + 1, space::block).isHole()).isTrue();
    }
}
