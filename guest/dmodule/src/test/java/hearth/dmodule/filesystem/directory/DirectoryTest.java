package hearth.dmodule.filesystem.directory;

import java.util.ArrayList;
import java.util.Arrays;
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
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.dmodule.filesystem.core.MissingBlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A directory against a map: random names added, removed and replaced, with listings that go on through the changes
/// and blocks that are missing. Seeds are printed.
class DirectoryTest {
    private static final long SEED_OF_ROOT = NameHash.seed(64, 1);

    private final HeapBlocks blocks = new HeapBlocks();
    private final Map<Name, DirectoryEntry> model = new HashMap<>();
    private final List<Name> names = new ArrayList<>();

    private Directory directory() {
        return new Directory(blocks, SEED_OF_ROOT);
    }

    /// A call that is repeated until no block is missing, as the file system does it.
    private interface Look<T> {
        T run() throws MissingBlock;
    }

    private <T> T retry(Look<T> look) {
        while (true) {
            try {
                return look.run();
            } catch (MissingBlock missing) {
                blocks.fetch(missing);
            }
        }
    }

    private InsertPlan plan(Name name) {
        return retry(() -> directory().planInsert(name));
    }

    private void add(Name name, long inode) {
        switch (plan(name)) {
            case InsertPlan.Free free -> {
                assertThat(model).doesNotContainKey(name);
                var entry = new DirectoryEntry(name, inode, FileType.REGULAR, free.cookie());
                blocks.changed.clear();
                once(() -> directory().insert(entry));
                assertThat(blocks.changed).hasSize(free.changedBlocks());
                assertThat(blocks.blocks()).isEqualTo(free.blocksAfter());
                model.put(name, entry);
                names.add(name);
            }
            case InsertPlan.Taken taken -> assertThat(taken.entry()).isEqualTo(model.get(name));
            case InsertPlan.Full() -> throw new AssertionError("full");
        }
    }

    private interface Change {
        void run() throws MissingBlock;
    }

    /// What was planned never meets a missing block.
    private static void once(Change change) {
        try {
            change.run();
        } catch (MissingBlock missing) {
            throw new AssertionError("planning did not read block " + missing.pointer(), missing);
        }
    }

    private void remove(Name name) {
        var entry = model.remove(name);
        int max = retry(() -> directory().planRemove(entry.cookie()));
        blocks.changed.clear();
        once(() -> directory().remove(name, entry.cookie()));
        blocks.changed.remove(0L);
        assertThat(blocks.changed).hasSizeLessThanOrEqualTo(max);
    }

    private List<DirectoryEntry> list(long after, int max) {
        return retry(() -> {
            var found = new ArrayList<DirectoryEntry>();
            directory().scan(after, entry -> {
                found.add(entry);
                return found.size() < max;
            });
            return found;
        });
    }

    private static Name randomName(Random random) {
        int length = random.nextInt(10) == 0 ? 1 + random.nextInt(255) : 1 + random.nextInt(12);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            bytes[i] = bytes[i] == 0 || bytes[i] == '/' ? (byte) 'x' : bytes[i];
        }
        return new Name(bytes);
    }

    private Name anyName(Random random) {
        int at = random.nextInt(names.size());
        var name = names.get(at);
        names.set(at, names.getLast());
        names.removeLast();
        return name;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void behavesAsAMapAndKeepsCookies(long seed) throws MissingBlock {
        System.out.println("DirectoryTest seed " + seed);
        var random = new Random(seed);
        for (int step = 0; step < 15_000; step++) {
            // The size swings between empty and a few thousand.
            boolean growing = step / 2_500 % 2 == 0;
            if (names.isEmpty() || random.nextInt(10) < (growing ? 8 : 1)) {
                add(randomName(random), random.nextLong() >>> 1);
            } else if (random.nextInt(4) == 0) {
                var name = names.get(random.nextInt(names.size()));
                var old = model.get(name);
                var other = new DirectoryEntry(name, random.nextLong() >>> 1, FileType.FIFO, old.cookie());
                assertThat(retry(() -> directory().lookup(name))).contains(old);
                once(() -> directory().replace(other));
                model.put(name, other);
            } else {
                remove(anyName(random));
            }
            if (step % 1_000 == 0) {
                verify();
                blocks.chill();
            }
        }
        while (!names.isEmpty()) {
            remove(anyName(random));
        }
        verify();
        assertThat(retry(() -> directory().isEmpty())).isTrue();
    }

    private void verify() {
        assertThat(retry(() -> directory().verify())).isEqualTo(model.size());
        var listed = list(DirectoryEntry.COOKIE_DOT_DOT, Integer.MAX_VALUE);
        assertThat(listed).hasSize(model.size()).allSatisfy(e -> assertThat(e).isEqualTo(model.get(e.name())));
        assertThat(listed).isSortedAccordingTo((a, b) -> Long.compare(a.cookie(), b.cookie()));
        assertThat(retry(() -> directory().isEmpty())).isEqualTo(model.isEmpty());
        assertThat(retry(() -> directory().lookup(Name.of("never there")))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aListingThroughChangesShowsWhatStayedExactlyOnce(long seed) {
        System.out.println("DirectoryTest listing seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            add(randomName(random), i + 100);
        }
        Set<Name> stayed = new HashSet<>(model.keySet());
        Set<Name> seen = new HashSet<>();
        long after = DirectoryEntry.COOKIE_DOT_DOT;
        while (true) {
            var part = list(after, 1 + random.nextInt(40));
            if (part.isEmpty()) {
                break;
            }
            for (var entry : part) {
                assertThat(seen.add(entry.name()) || !stayed.contains(entry.name())).as("listed twice").isTrue();
            }
            after = part.getLast().cookie();
            for (int i = random.nextInt(60); i > 0; i--) {
                if (random.nextInt(5) < 3) {
                    add(randomName(random), 7);
                } else if (!names.isEmpty()) {
                    var name = anyName(random);
                    remove(name);
                    stayed.remove(name);
                }
            }
        }
        assertThat(stayed).isNotEmpty();
        assertThat(seen).containsAll(stayed);
    }

    @Test
    void aLargeDirectoryStaysShallow() {
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            add(Name.of("file-with-a-usual-name-" + i + ".txt"), i + 100);
        }
        blocks.chill();
        int fetched = 0;
        for (int i = 0; i < 3; i++) {
            blocks.chill();
            fetched = 0;
            while (true) {
                try {
                    assertThat(directory().lookup(Name.of("file-with-a-usual-name-" + i * 77 + ".txt"))).isPresent();
                    break;
                } catch (MissingBlock missing) {
                    blocks.fetch(missing);
                    fetched++;
                }
            }
        }
        assertThat(fetched).as("blocks read by a lookup").isLessThanOrEqualTo(3);
        assertThat(retry(() -> directory().verify())).isEqualTo(count);
        assertThat(blocks.blocks()).as("blocks of 51-byte entries").isLessThan(count * 51L / 4032 * 2);
    }

    @Test
    void theSameChangesGiveTheSameBytes() {
        var other = new DirectoryTest();
        for (var test : List.of(this, other)) {
            var random = new Random(42);
            for (int i = 0; i < 8_000; i++) {
                if (random.nextInt(3) > 0 || test.names.isEmpty()) {
                    test.add(randomName(random), i);
                } else {
                    test.remove(test.anyName(random));
                }
            }
        }
        assertThat(other.blocks.bytes()).hasSameSizeAs(blocks.bytes());
        for (int i = 0; i < blocks.bytes().size(); i++) {
            assertThat(Arrays.equals(blocks.bytes().get(i), other.blocks.bytes().get(i))).as("block %d", i).isTrue();
        }
    }

    @Test
    void removedSpaceIsUsedAgain() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 2_000; i++) {
                add(Name.of("round-" + i), i + 100);
            }
            long size = blocks.blocks();
            new ArrayList<>(model.keySet()).forEach(this::remove);
            names.clear();
            assertThat(size).isLessThan(60);
        }
        assertThat(blocks.blocks()).isLessThan(60);
    }

    @Test
    void theSeedSeparatesDirectories() {
        byte[] name = Name.of("a").bytes();
        assertThat(NameHash.firstCookie(NameHash.seed(64, 1), name))
                .isNotEqualTo(NameHash.firstCookie(NameHash.seed(64, 2), name))
                .isNotEqualTo(NameHash.firstCookie(NameHash.seed(65, 1), name));
    }

    /// The hash is part of the disk format: these numbers may never change.
    @Test
    void theHashIsTheOneOfVersionOne() {
        long seed = NameHash.seed(64, 1);
        assertThat(NameHash.hash(seed, Name.of("a").bytes())).isEqualTo(HASH_A);
        assertThat(NameHash.hash(seed, Name.of("a longer name, of three words").bytes())).isEqualTo(HASH_LONGER);
    }

    private static final long HASH_A = 2139702564078864815L;
    private static final long HASH_LONGER = 3685757023830668521L;

    @Test
    void aDamagedBlockIsABug() throws MissingBlock {
        add(Name.of("a"), 1);
        blocks.change(0)[0] ^= 1;
        assertThatThrownBy(() -> directory().lookup(Name.of("a"))).isInstanceOf(Check.Failed.class);
    }

    @Test
    void removingWhatIsNotThereIsABug() {
        add(Name.of("a"), 1);
        var entry = model.get(Name.of("a"));
        assertThatThrownBy(() -> directory().remove(Name.of("b"), entry.cookie())).isInstanceOf(Check.Failed.class);
        assertThatThrownBy(() -> directory().remove(Name.of("a"), entry.cookie() + 1)).isInstanceOf(Check.Failed.class);
    }

    @Test
    void anyCookieIsAPlaceToGoOnFrom() {
        for (int i = 0; i < 1_000; i++) {
            add(Name.of("n" + i), i + 100);
        }
        assertThat(list(Long.MAX_VALUE, 10)).isEmpty();
        assertThat(list(Long.MAX_VALUE - 1, 10)).isEmpty();
        var all = list(2, Integer.MAX_VALUE);
        for (int i = 0; i < all.size(); i += 37) {
            assertThat(list(all.get(i).cookie() - 1, 1).getFirst()).isEqualTo(all.get(i));
        }
    }
}
