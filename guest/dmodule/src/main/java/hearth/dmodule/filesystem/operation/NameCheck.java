package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

import hearth.base.Check;
import hearth.cf.FileType;
import hearth.dmodule.filesystem.check.Checker;
import hearth.dmodule.filesystem.check.Findings;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.directory.DirectoryEntry;
import hearth.dmodule.filesystem.tree.BlockSource;

/// What names must be on disk: every directory's index is whole, every name stands for an inode of its type, every
/// inode has as many names as its link count says, every directory has one name, in the directory that its inode calls
/// its parent, and is below the root. For `Checker`; `finish` after its run.
///
/// Memory: one small object for each inode in use.
public final class NameCheck implements Checker.FileCheck {
    /// An inode as its slot says, and what directories say of it.
    private static final class Seen {
        boolean inUse;
        FileType type = FileType.REGULAR;
        int linkCount;
        long parent;
        int names;
        int subdirectories;
        long namedIn;
        FileType namedAs = FileType.REGULAR;
        boolean reached;
    }

    private record Key(int volumeId, long ino) {
        @Override
        public String toString() {
            return "volume " + volumeId + " inode " + ino;
        }
    }

    private final Map<Key, Seen> inodes = new HashMap<>();

    private Seen seen(int volumeId, long ino) {
        return inodes.computeIfAbsent(new Key(volumeId, ino), _ -> new Seen());
    }

    @Override
    public void check(int volumeId, Inode inode, BlockSource<IOException> blocks, Findings findings)
            throws IOException {
        var seen = seen(volumeId, inode.number);
        seen.inUse = true;
        seen.type = inode.type;
        seen.linkCount = inode.linkCount;
        seen.parent = inode.parentOrDevice;
        if (!inode.isDirectory()) {
            return;
        }
        var names = StoredDirectory.open(inode, blocks);
        try {
            names.verify();
            names.scan(DirectoryEntry.COOKIE_DOT_DOT, entry -> named(volumeId, inode.number, entry, findings));
        } catch (UncheckedIOException unreadable) {
            throw new IOException(unreadable);
        } catch (MissingBlock missing) {
            throw Check.failed("a block read from disk is missing: " + missing.pointer());
        } catch (Check.Failed | IndexOutOfBoundsException broken) {
            findings.problem(new Key(volumeId, inode.number) + ": directory: " + broken.getMessage());
        }
    }

    private boolean named(int volumeId, long directory, DirectoryEntry entry, Findings findings) {
        var seen = seen(volumeId, entry.inode());
        if (seen.names > 0 && seen.namedAs != entry.type()) {
            findings.problem(new Key(volumeId, entry.inode()) + ": named as " + seen.namedAs + " and " + entry.type());
        }
        seen.names++;
        seen.namedIn = directory;
        seen.namedAs = entry.type();
        if (entry.type() == FileType.DIRECTORY) {
            seen(volumeId, directory).subdirectories++;
        }
        return true;
    }

    /// What can be said only when all inodes were seen.
    ///
    /// @param rootInode the number of every volume's root directory
    public void finish(long rootInode, Findings findings) {
        inodes.forEach((key, seen) -> {
            if (!seen.inUse) {
                findings.problem(key + ": has a name, its slot is free");
            } else if (seen.type == FileType.DIRECTORY) {
                directory(key, seen, rootInode, findings);
            } else if (seen.names != seen.linkCount) {
                findings.problem(key + ": " + seen.names + " names, link count " + seen.linkCount);
            }
            if (seen.inUse && seen.names > 0 && seen.namedAs != seen.type) {
                findings.problem(key + ": is a " + seen.type + ", named as " + seen.namedAs);
            }
        });
    }

    private void directory(Key key, Seen seen, long rootInode, Findings findings) {
        boolean root = key.ino() == rootInode;
        if (seen.linkCount != 2 + seen.subdirectories) {
            findings.problem(key + ": " + seen.subdirectories + " subdirectories, link count " + seen.linkCount);
        }
        if (seen.names != (root ? 0 : 1)) {
            findings.problem(key + ": directory with " + seen.names + " names");
        }
        if (seen.parent != (root ? key.ino() : seen.namedIn)) {
            findings.problem(key + ": parent " + seen.parent + ", named in " + seen.namedIn);
        }
        if (!belowRoot(key, seen, rootInode)) {
            findings.problem(key + ": directory not below the root");
        }
    }

    /// Goes up until the root or a directory known to be below it; a ring ends at the bound.
    private boolean belowRoot(Key key, Seen from, long rootInode) {
        var at = from;
        long ino = key.ino();
        for (int steps = 0; steps <= inodes.size() && !at.reached; steps++) {
            if (ino == rootInode) {
                at.reached = true;
            } else {
                ino = at.namedIn;
                at = seenOrFree(key.volumeId(), ino);
            }
        }
        from.reached = at.reached;
        return from.reached;
    }

    private Seen seenOrFree(int volumeId, long ino) {
        var seen = inodes.get(new Key(volumeId, ino));
        return seen == null ? new Seen() : seen;
    }
}
