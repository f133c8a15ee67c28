package hearth.dmodule.filesystem.core;

import java.util.Arrays;
import java.util.function.LongPredicate;

import hearth.base.Check;

/// An open-addressing map from non-negative numbers to objects, without boxes: dirty blocks are looked up at every
/// call. Readers may share it while nobody writes.
final class LongTable<V> {
    private static final long FREE = -1;

    private static final long[] NO_KEYS = {FREE};
    private static final Object[] NO_VALUES = {new Object()};

    private long[] keys = NO_KEYS;
    private Object[] values = NO_VALUES;
    private int size;

    int size() {
        return size;
    }

    /// The value of `key`, or `absent`.
    @SuppressWarnings("unchecked")
    V get(long key, V absent) {
        int at = find(keys, key);
        return keys[at] == FREE ? absent : (V) values[at];
    }

    boolean has(long key) {
        return keys[find(keys, key)] != FREE;
    }

    void put(long key, V value) {
        Check.that(key >= 0, "negative key", key);
        int at = find(keys, key);
        if (keys[at] == FREE) {
            if (keys.length == 1 || size + 1 > keys.length - (keys.length >> 2)) {
                rebuild(Math.max(4, keys.length * 2), _ -> true);
                at = find(keys, key);
            }
            keys[at] = key;
            size++;
        }
        values[at] = value;
    }

    /// Keeps only the entries whose key passes.
    void retain(LongPredicate keep) {
        for (long key : keys) {
            if (key != FREE && !keep.test(key)) {
                rebuild(keys.length, keep);
                return;
            }
        }
    }

    /// All keys in ascending order.
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

    private void rebuild(int capacity, LongPredicate keep) {
        long[] newKeys = new long[capacity];
        var newValues = new Object[capacity];
        Arrays.fill(newKeys, FREE);
        int kept = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != FREE && keep.test(keys[i])) {
                int at = find(newKeys, keys[i]);
                newKeys[at] = keys[i];
                newValues[at] = values[i];
                kept++;
            }
        }
        keys = newKeys;
        values = newValues;
        size = kept;
    }

    private static int find(long[] keys, long key) {
        int mask = keys.length - 1;
        int at = LongHash.mix(key) & mask;
        while (keys[at] != FREE && keys[at] != key) {
            at = at + 1 & mask;
        }
        return at;
    }
}
