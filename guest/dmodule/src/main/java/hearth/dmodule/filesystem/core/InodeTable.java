package hearth.dmodule.filesystem.core;

import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/// A volume's inodes in memory. Dirty and frozen ones stay; of the clean ones a bounded number, by second chance.
/// Any number of readers may add the clean inodes that they load: two may load the same one, the first stays.
final class InodeTable {
    /// Inodes in memory beyond which clean ones are dropped.
    static final int CLEAN_MAX = 8192;

    private final ConcurrentHashMap<Long, Inode> inodes = new ConcurrentHashMap<>();
    /// Not before there are so many is another sweep worth while: dirty ones may fill the table.
    private volatile int sweepAt = CLEAN_MAX;

    @Nullable Inode find(long ino) {
        Inode inode = inodes.get(ino);
        if (inode != null && !inode.recent) {
            inode.recent = true;
        }
        return inode;
    }

    /// Adds a clean inode as loaded, unless another reader was first; returns the one that stays.
    Inode addLoaded(Inode inode) {
        if (inodes.size() >= sweepAt) {
            evict(inodes.size() - CLEAN_MAX + CLEAN_MAX / 8);
            sweepAt = Math.max(CLEAN_MAX, inodes.size() + CLEAN_MAX / 8);
        }
        Inode first = inodes.putIfAbsent(inode.number, inode);
        return first != null ? first : inode;
    }

    void put(Inode inode) {
        inodes.put(inode.number, inode);
    }

    void remove(Inode inode) {
        inodes.remove(inode.number, inode);
    }

    void clear() {
        inodes.clear();
    }

    int size() {
        return inodes.size();
    }

    /// Under either side of the lock: nobody changes an inode meanwhile, or the caller himself does.
    private void evict(int wanted) {
        int dropped = 0;
        for (Inode inode : inodes.values()) {
            if (inode.recent) {
                inode.recent = false;
            } else if (inode.isClean() && inodes.remove(inode.number, inode) && ++dropped >= wanted) {
                return;
            }
        }
    }
}
