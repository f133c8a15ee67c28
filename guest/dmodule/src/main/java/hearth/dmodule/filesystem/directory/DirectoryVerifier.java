package hearth.dmodule.filesystem.directory;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

import hearth.base.Check;
import hearth.dmodule.filesystem.core.MissingBlock;

/// Walks a whole directory and checks the invariants of the package.
final class DirectoryVerifier {
    private final DirectoryBlocks blocks;
    private final long seed;
    private final BitSet seen = new BitSet();
    private long entries;

    DirectoryVerifier(DirectoryBlocks blocks, long seed) {
        this.blocks = blocks;
        this.seed = seed;
    }

    /// Returns the number of entries. Throws `Check.Failed` where an invariant does not hold.
    long verify() throws MissingBlock {
        byte[] root = DirectoryBlock.checked(blocks.read(0));
        int mark = DirectoryBlock.mark(root);
        Check.that(mark >= 1 && mark <= blocks.blocks(), "directory's mark", mark, blocks.blocks());
        tree(0, DirectoryBlock.level(root), 0, Long.MAX_VALUE);
        for (int free = DirectoryBlock.free(root); free != 0; ) {
            take(free, mark);
            byte[] block = blocks.read(free);
            Check.that(DirectoryBlock.level(block) == DirectoryBlockLayout.LEVEL_FREE, "free list has block", free);
            free = DirectoryBlock.free(block);
        }
        Check.that(seen.cardinality() == mark, "directory blocks accounted for", seen.cardinality(), mark);
        return entries;
    }

    private void take(int block, int mark) {
        Check.that(block >= 0 && block < mark, "directory block beyond the mark", block, mark);
        Check.that(!seen.get(block), "directory block used twice", block);
        seen.set(block);
    }

    /// The tree at `number`, all of whose cookies must be in `[low, high)`.
    private void tree(int number, int level, long low, long high) throws MissingBlock {
        take(number, DirectoryBlock.mark(blocks.read(0)));
        byte[] block = DirectoryBlock.checked(blocks.read(number));
        Check.that(DirectoryBlock.level(block) == level, "directory level", DirectoryBlock.level(block), level);
        int count = DirectoryBlock.count(block);
        Check.that(number == 0 || count > 0, "directory block is empty", number);
        if (level == 0) {
            leaf(block, low, high);
            return;
        }
        long from = low;
        for (int i = 0; i < count; i++) {
            long to = i + 1 < count ? DirectoryBlock.key(block, i + 1) : high;
            Check.that(from <= to, "directory keys descend", from, to);
            tree(DirectoryBlock.child(block, i), level - 1, from, to);
            from = to;
        }
    }

    private void leaf(byte[] leaf, long low, long high) {
        int at = DirectoryBlockLayout.BODY_OFFSET;
        long previous = DirectoryEntry.COOKIE_DOT_DOT;
        int count = 0;
        Set<Object> names = new HashSet<>();
        while (at < DirectoryBlock.end(leaf)) {
            var entry = DirectoryBlock.entry(leaf, at);
            Check.that(entry.cookie() > previous, "cookies descend", previous, entry.cookie());
            Check.that(entry.cookie() >= low && entry.cookie() < high, "cookie in the wrong block", entry.cookie());
            long first = NameHash.firstCookie(seed, entry.name().bytes());
            long number = entry.cookie() - first;
            Check.that(number >= 0 && number < NameHash.COLLISIONS_MAX, "cookie of another name", entry.cookie());
            Check.that(names.add(entry.name()), "name stands twice", entry.cookie());
            previous = entry.cookie();
            at = DirectoryBlock.next(leaf, at);
            count++;
        }
        Check.that(at == DirectoryBlock.end(leaf) && count == DirectoryBlock.count(leaf), "leaf's count", count);
        entries += count;
    }
}
