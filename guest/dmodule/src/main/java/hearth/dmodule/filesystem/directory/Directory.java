package hearth.dmodule.filesystem.directory;

import java.util.Optional;

import hearth.base.Check;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.dmodule.filesystem.core.MissingBlock;

/// The operations on one directory. Made for one operation, under the file system's lock, and thrown away.
///
/// `lookup`, `planInsert`, `planRemove`, `isEmpty` and `scan` only read; when a block is missing they can be repeated
/// from the start. `insert`, `replace` and `remove` change blocks and must not be interrupted: their blocks were read
/// by the planning before.
///
/// Blocks emptied by removal are kept in a free list within the file; underfull blocks are not joined. Names are
/// spread by hash, so removal thins all blocks evenly and a growing directory fills them again. A directory that
/// becomes empty starts over from one block.
public final class Directory {
    private static final int DEPTH_MAX = DirectoryBlockLayout.LEVEL_MAX + 1;

    private final DirectoryBlocks blocks;
    private final long seed;
    // The way from the root to a leaf found last: block numbers, and in each index block the child taken.
    private final long[] pathBlocks = new long[DEPTH_MAX];
    private final int[] pathChildren = new int[DEPTH_MAX];
    private int leafDepth;
    private long freeCookie;

    /// @param seed `NameHash.seed` of the directory's inode
    public Directory(DirectoryBlocks blocks, long seed) {
        this.blocks = blocks;
        this.seed = seed;
    }

    /// Takes every entry of a listing in order; says whether to go on.
    @FunctionalInterface
    public interface Visitor {
        boolean visit(DirectoryEntry entry);
    }

    public boolean isEmpty() throws MissingBlock {
        if (blocks.blocks() == 0) {
            return true;
        }
        byte[] root = read(0);
        return DirectoryBlock.level(root) == 0 && DirectoryBlock.count(root) == 0;
    }

    public Optional<DirectoryEntry> lookup(Name name) throws MissingBlock {
        return blocks.blocks() == 0 ? Optional.empty() : search(name);
    }

    /// Finds the name, or the cookie that it would get; reads every block that `insert` would change.
    public InsertPlan planInsert(Name name) throws MissingBlock {
        long first = NameHash.firstCookie(seed, name.bytes());
        if (blocks.blocks() == 0) {
            return new InsertPlan.Free(first, 1, 1);
        }
        var found = search(name);
        if (found.isPresent()) {
            return new InsertPlan.Taken(found.get());
        }
        return freeCookie == first + NameHash.COLLISIONS_MAX ? new InsertPlan.Full() : planAt(name, freeCookie);
    }

    private InsertPlan planAt(Name name, long cookie) throws MissingBlock {
        byte[] leaf = descend(cookie);
        if (DirectoryBlock.hasRoom(leaf, name.length())) {
            return new InsertPlan.Free(cookie, 1, blocks.blocks());
        }
        boolean full = leafDepth == DEPTH_MAX - 1;
        for (int depth = 0; full && depth < leafDepth; depth++) {
            full = !hasRoom(depth, name);
        }
        if (full) {
            return new InsertPlan.Full();
        }
        var trial = new TrialBlocks(blocks);
        new Directory(trial, seed).insert(new DirectoryEntry(name, 0, FileType.REGULAR, cookie));
        return new InsertPlan.Free(cookie, trial.changedBlocks(), trial.blocks());
    }

    /// The entry, or `freeCookie`: the lowest cookie of the name's hash that no entry has.
    private Optional<DirectoryEntry> search(Name name) throws MissingBlock {
        long first = NameHash.firstCookie(seed, name.bytes());
        long behind = first + NameHash.COLLISIONS_MAX;
        long from = first;
        freeCookie = first;
        while (true) {
            byte[] leaf = descend(from);
            int end = DirectoryBlock.end(leaf);
            int at = DirectoryBlock.seek(leaf, from);
            while (at < end && DirectoryBlock.cookie(leaf, at) < behind) {
                if (DirectoryBlock.nameEquals(leaf, at, name.bytes())) {
                    return Optional.of(DirectoryBlock.entry(leaf, at));
                }
                freeCookie += DirectoryBlock.cookie(leaf, at) == freeCookie ? 1 : 0;
                at = DirectoryBlock.next(leaf, at);
            }
            from = upperBound();
            if (at < end || from >= behind) {
                return Optional.empty();
            }
            // Names of this hash may go on in the next leaf.
        }
    }

    private boolean hasRoom(int depth, Name name) throws MissingBlock {
        return DirectoryBlock.hasRoom(read(pathBlocks[depth]), name.length());
    }

    /// Adds an entry whose cookie came from `planInsert` on the same blocks.
    public void insert(DirectoryEntry entry) throws MissingBlock {
        if (blocks.blocks() == 0) {
            start(blocks.change(0));
        }
        byte[] leaf = descend(entry.cookie());
        while (!DirectoryBlock.hasRoom(leaf, entry.name().length())) {
            splitOne(entry.name());
            leaf = descend(entry.cookie());
        }
        DirectoryBlock.insertEntry(blocks.change(pathBlocks[leafDepth]), entry);
    }

    /// Splits the highest of the full blocks that end in the leaf found last: the one above it has room.
    private void splitOne(Name name) throws MissingBlock {
        int depth = leafDepth;
        while (depth > 0 && !hasRoom(depth - 1, name)) {
            depth--;
        }
        if (depth == 0) {
            byte[] root = blocks.change(0);
            Check.that(DirectoryBlock.level(root) < DirectoryBlockLayout.LEVEL_MAX, "directory is at its height");
            int child = take(root);
            DirectoryBlock.moveDown(root, blocks.change(child));
            DirectoryBlock.insertChild(root, 0, 0, child);
            return;
        }
        int right = take(blocks.change(0));
        long key = DirectoryBlock.split(blocks.change(pathBlocks[depth]), blocks.change(right));
        DirectoryBlock.insertChild(blocks.change(pathBlocks[depth - 1]), pathChildren[depth - 1] + 1, key, right);
    }

    /// A block for the tree, from the free list or from the end of the file. Its old bytes are not defined.
    private int take(byte[] root) throws MissingBlock {
        int free = DirectoryBlock.free(root);
        if (free != 0) {
            byte[] block = blocks.change(free);
            Check.that(DirectoryBlock.level(block) == DirectoryBlockLayout.LEVEL_FREE, "block in use is in free list");
            DirectoryBlock.setFree(root, DirectoryBlock.free(block));
            DirectoryBlock.setFree(block, 0);
            return free;
        }
        int mark = DirectoryBlock.mark(root);
        DirectoryBlock.setMark(root, mark + 1);
        byte[] block = blocks.change(mark);
        DirectoryBlock.setFree(block, 0);
        return mark;
    }

    /// Makes block 0 the root of an empty directory; blocks above it are taken again one by one.
    private static void start(byte[] root) {
        DirectoryBlock.init(root, 0);
        DirectoryBlock.setFree(root, 0);
        DirectoryBlock.setMark(root, 1);
    }

    /// Gives an existing entry another inode; its cookie stays.
    public void replace(DirectoryEntry entry) throws MissingBlock {
        descend(entry.cookie());
        byte[] leaf = blocks.change(pathBlocks[leafDepth]);
        DirectoryBlock.setTarget(leaf, find(leaf, entry.name(), entry.cookie()), entry.inode(), entry.type());
    }

    /// Reads the blocks that removing the entry with `cookie` would change and returns how many they can be.
    public int planRemove(long cookie) throws MissingBlock {
        byte[] leaf = descend(cookie);
        return DirectoryBlock.count(leaf) > 1 ? 1 : leafDepth + 1;
    }

    public void remove(Name name, long cookie) throws MissingBlock {
        descend(cookie);
        byte[] block = blocks.change(pathBlocks[leafDepth]);
        DirectoryBlock.removeEntry(block, find(block, name, cookie));
        int depth = leafDepth;
        while (depth > 0 && DirectoryBlock.count(block) == 0) {
            byte[] root = blocks.change(0);
            DirectoryBlock.release(block, DirectoryBlock.free(root));
            DirectoryBlock.setFree(root, (int) pathBlocks[depth]);
            depth--;
            block = blocks.change(pathBlocks[depth]);
            DirectoryBlock.removeChild(block, pathChildren[depth]);
        }
        if (depth == 0 && DirectoryBlock.count(block) == 0) {
            start(block);
        }
    }

    private static int find(byte[] leaf, Name name, long cookie) {
        int at = DirectoryBlock.seek(leaf, cookie);
        Check.that(
                at < DirectoryBlock.end(leaf)
                        && DirectoryBlock.cookie(leaf, at) == cookie
                        && DirectoryBlock.nameEquals(leaf, at, name.bytes()),
                "no such directory entry",
                cookie);
        return at;
    }

    /// Shows every entry with a cookie above `after`, in order of cookies, until the visitor has enough. Returns
    /// whether the end was reached. Entries that are there before and after are seen exactly once by calls that each
    /// go on from the last cookie seen, whatever is added or removed between them.
    public boolean scan(long after, Visitor visitor) throws MissingBlock {
        if (blocks.blocks() == 0 || after == Long.MAX_VALUE) {
            return true;
        }
        long from = after + 1;
        while (true) {
            byte[] leaf = descend(from);
            long upper = upperBound();
            int end = DirectoryBlock.end(leaf);
            for (int at = DirectoryBlock.seek(leaf, from); at < end; at = DirectoryBlock.next(leaf, at)) {
                if (!visitor.visit(DirectoryBlock.entry(leaf, at))) {
                    return false;
                }
            }
            if (upper == Long.MAX_VALUE) {
                return true;
            }
            from = upper;
        }
    }

    /// Goes to the leaf that has, or would have, `cookie`, and remembers the way.
    private byte[] descend(long cookie) throws MissingBlock {
        long number = 0;
        byte[] block = read(0);
        int depth = 0;
        while (true) {
            pathBlocks[depth] = number;
            int level = DirectoryBlock.level(block);
            if (level == 0) {
                leafDepth = depth;
                return block;
            }
            int child = DirectoryBlock.childFor(block, cookie);
            pathChildren[depth] = child;
            number = DirectoryBlock.child(block, child);
            Check.that(number > 0 && number < blocks.blocks(), "directory index names block", number);
            block = read(number);
            Check.that(DirectoryBlock.level(block) == level - 1, "directory level", level, DirectoryBlock.level(block));
            depth++;
        }
    }

    /// The lowest cookie that belongs to the leaf after the one found last; `Long.MAX_VALUE` if that was the last.
    private long upperBound() throws MissingBlock {
        for (int depth = leafDepth - 1; depth >= 0; depth--) {
            byte[] index = read(pathBlocks[depth]);
            int next = pathChildren[depth] + 1;
            if (next < DirectoryBlock.count(index)) {
                return DirectoryBlock.key(index, next);
            }
        }
        return Long.MAX_VALUE;
    }

    private byte[] read(long block) throws MissingBlock {
        return DirectoryBlock.checked(blocks.read(block));
    }

    /// Counts the tree's blocks and checks the invariants of the package, reading every block. For the offline
    /// checker and tests.
    public long verify() throws MissingBlock {
        return blocks.blocks() == 0 ? 0 : new DirectoryVerifier(blocks, seed).verify();
    }
}
