package hearth.dmodule.filesystem.core;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.TreeLayout;

/// What changed in one file since a freeze, beside its tree on disk: data blocks in the log, metadata blocks in the
/// heap, and how far it was cut. Once frozen it never changes.
///
/// It also counts how many blocks a consistency point will need for it at most: every dirty block, and the indirect
/// blocks above each touched group of `TreeLayout.FANOUT` blocks.
public final class DirtyFile {
    /// What `meta` answers for a block that is not dirty.
    public static final byte[] ABSENT = {};
    /// No cut.
    public static final long UNCUT = Long.MAX_VALUE;
    /// Nothing changed. Shared, never written.
    static final DirtyFile CLEAN = new DirtyFile();

    private final BlockRefs data = new BlockRefs();
    private final LongTable<byte[]> meta = new LongTable<>();
    private final LongSet groups = new LongSet();
    private long cutTo = UNCUT;
    private int chargedHeight;

    DirtyFile() {}

    BlockRefs data() {
        return data;
    }

    /// Dirty file blocks, data and metadata, in ascending order. A file has one kind of them.
    public long[] sortedBlocks() {
        Check.that(data.size() == 0 || meta.size() == 0, "data and metadata in one file");
        return data.size() > 0 ? data.sortedKeys() : meta.sortedKeys();
    }

    /// Whether the dirty block `fbn` is data in the log.
    public boolean isData(long fbn) {
        return data.find(fbn) >= 0;
    }

    /// Place in the log of a dirty data block.
    public long payloadRef(long fbn) {
        return data.ref(found(fbn));
    }

    /// CRC32C of a dirty data block.
    public int crc(long fbn) {
        return data.crc(found(fbn));
    }

    private int found(long fbn) {
        int at = data.find(fbn);
        Check.that(at >= 0, "block is not dirty", fbn);
        return at;
    }

    /// The dirty metadata block, or `ABSENT`.
    public byte[] meta(long fbn) {
        return meta.get(fbn, ABSENT);
    }

    int metaBlocks() {
        return meta.size();
    }

    /// Dirty blocks, data and metadata.
    public int blocks() {
        return data.size() + meta.size();
    }

    /// Blocks from here on were dropped from the tree (and from older dirty sets) before anything in here was added.
    public long cutTo() {
        return cutTo;
    }

    void putData(long fbn, long ref, int crc) {
        Check.that(this != CLEAN, "the clean set is never written");
        data.put(fbn, ref, crc);
    }

    void putMeta(long fbn, byte[] bytes) {
        Check.that(this != CLEAN, "the clean set is never written");
        meta.put(fbn, bytes);
    }

    /// Drops what is dirty from `limit` on, remembers the lowest cut. Returns the metadata blocks dropped.
    int cut(long limit) {
        Check.that(this != CLEAN, "the clean set is never written");
        int before = meta.size();
        cutTo = Math.min(cutTo, limit);
        data.dropFrom(limit);
        meta.retain(fbn -> fbn < limit);
        return before - meta.size();
    }

    /// The height that what is in here was charged for; 0 when it needs no more than the tree on disk has.
    int chargedHeight() {
        return chargedHeight;
    }

    /// Indirect blocks that a touch of `fbn` adds, in a tree that has `height` on disk: those above its group if it was
    /// not touched before, and new ones on top.
    private int indirectCost(int height, long fbn) {
        int before = Math.max(height, chargedHeight);
        int needed = Math.max(before, TreeLayout.heightFor(fbn + 1));
        int growth = needed > before ? needed : 0;
        return growth + (needed == 0 || groups.has(fbn >>> TreeLayout.FANOUT_BITS) ? 0 : needed);
    }

    /// Remembers that the indirect blocks above `fbn` are paid for; returns how many they are.
    int chargeIndirect(int height, long fbn) {
        int cost = indirectCost(height, fbn);
        if (cost > 0) {
            chargedHeight = Math.max(Math.max(height, chargedHeight), TreeLayout.heightFor(fbn + 1));
            groups.add(fbn >>> TreeLayout.FANOUT_BITS);
        }
        return cost;
    }

    /// What making `count` data blocks from `fbn` dirty will be charged, indirect blocks included.
    long writeCost(int height, long fbn, long count) {
        long cost = 0;
        int reached = Math.max(height, chargedHeight);
        long group = -1;
        for (long at = fbn; at < fbn + count; at++) {
            if (data.find(at) >= 0) {
                continue;
            }
            cost++;
            int needed = Math.max(reached, TreeLayout.heightFor(at + 1));
            if (needed > reached) {
                cost += needed;
                reached = needed;
            }
            if (needed > 0 && at >>> TreeLayout.FANOUT_BITS != group) {
                group = at >>> TreeLayout.FANOUT_BITS;
                cost += groups.has(group) ? 0 : needed;
            }
        }
        return cost;
    }
}
