package hearth.dmodule.nvlog;

import java.util.Arrays;

import hearth.base.Check;

/// Which record of one half answered a call: hash of client and xid to the record's position. A hint: the record itself
/// says whose it is. Twelve bytes an entry, because a guest's heap is small; grows to a fixed bound.
final class LiveAnswers {
    private static final int CAPACITY_MIN = 1 << 10;
    private static final int CAPACITY_MAX = 1 << 17;

    private long[] hashes = new long[CAPACITY_MIN];
    private int[] places = new int[CAPACITY_MIN];
    private int count;

    /// Where nothing is known.
    static final int NOWHERE = -1;

    /// `place` is not negative. The newest put of a hash wins.
    synchronized void put(long hash, int place) {
        if (count + 1 > hashes.length / 4 * 3) {
            Check.that(hashes.length < CAPACITY_MAX, "more answers than the half has room for", count);
            grow();
        }
        int slot = slot(hashes, key(hash));
        if (hashes[slot] == 0) {
            hashes[slot] = key(hash);
            count++;
        }
        places[slot] = place;
    }

    synchronized int get(long hash) {
        int slot = slot(hashes, key(hash));
        return hashes[slot] == 0 ? NOWHERE : places[slot];
    }

    /// Forgets all; the half's answers stand in the region's table.
    synchronized void clear() {
        if (hashes.length > CAPACITY_MIN && count < hashes.length / 4) {
            hashes = new long[CAPACITY_MIN];
            places = new int[CAPACITY_MIN];
        } else {
            Arrays.fill(hashes, 0);
        }
        count = 0;
    }

    synchronized int count() {
        return count;
    }

    static int limit() {
        return CAPACITY_MAX / 4 * 3 - 1;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldPlaces = places;
        hashes = new long[oldHashes.length * 2];
        places = new int[oldHashes.length * 2];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0) {
                int slot = slot(hashes, oldHashes[i]);
                hashes[slot] = oldHashes[i];
                places[slot] = oldPlaces[i];
            }
        }
    }

    private static int slot(long[] hashes, long key) {
        int slot = (int) key & hashes.length - 1;
        while (hashes[slot] != 0 && hashes[slot] != key) {
            slot = slot + 1 & hashes.length - 1;
        }
        return slot;
    }

    /// 0 stands for an empty slot.
    private static long key(long hash) {
        return hash == 0 ? 1 : hash;
    }
}
