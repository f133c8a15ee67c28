package hearth.dmodule.filesystem.core;

import java.util.Arrays;

import hearth.base.Check;

/// A file's dirty data: file block → place of its bytes in the log, and their CRC32C. Open addressing over three
/// arrays, so that a write of one block costs no object. Readers may share it while nobody writes.
final class BlockRefs {
    private static final long FREE = -1;

    private static final long[] NO_KEYS = {FREE};
    private static final long[] NO_REFS = {0};
    private static final int[] NO_CRCS = {0};

    private long[] keys = NO_KEYS;
    private long[] refs = NO_REFS;
    private int[] crcs = NO_CRCS;
    private int size;
    private long highest = FREE;

    int size() {
        return size;
    }

    /// Index of `fbn` for `ref` and `crc`, or -1.
    int find(long fbn) {
        int at = place(keys, fbn);
        return keys[at] == FREE ? -1 : at;
    }

    long ref(int index) {
        return refs[index];
    }

    int crc(int index) {
        return crcs[index];
    }

    void put(long fbn, long ref, int crc) {
        Check.that(fbn >= 0, "negative file block", fbn);
        int at = place(keys, fbn);
        if (keys[at] == FREE) {
            if (keys.length == 1 || size + 1 > keys.length - (keys.length >> 2)) {
                rebuild(Math.max(4, keys.length * 2), Long.MAX_VALUE);
                at = place(keys, fbn);
            }
            keys[at] = fbn;
            size++;
            highest = Math.max(highest, fbn);
        }
        refs[at] = ref;
        crcs[at] = crc;
    }

    /// Drops the blocks from `limit` on.
    void dropFrom(long limit) {
        if (highest >= limit) {
            rebuild(keys.length, limit);
        }
    }

    /// All file blocks in ascending order.
    long[] sortedKeys() {
        long[] sorted = new long[size];
        int n = 0;
        for (long key : keys) {
            if (key != FREE) {
                sorted[n++] = key;
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    private void rebuild(int capacity, long limit) {
        long[] oldKeys = keys;
        long[] oldRefs = refs;
        int[] oldCrcs = crcs;
        keys = new long[capacity];
        refs = new long[capacity];
        crcs = new int[capacity];
        Arrays.fill(keys, FREE);
        size = 0;
        highest = FREE;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE && oldKeys[i] < limit) {
                int at = place(keys, oldKeys[i]);
                keys[at] = oldKeys[i];
                refs[at] = oldRefs[i];
                crcs[at] = oldCrcs[i];
                size++;
                highest = Math.max(highest, oldKeys[i]);
            }
        }
    }

    private static int place(long[] keys, long key) {
        int mask = keys.length - 1;
        int at = LongHash.mix(key) & mask;
        while (keys[at] != FREE && keys[at] != key) {
            at = at + 1 & mask;
        }
        return at;
    }
}
