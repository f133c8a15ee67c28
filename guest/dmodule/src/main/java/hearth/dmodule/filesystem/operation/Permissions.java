package hearth.dmodule.filesystem.operation;

import hearth.cf.Caller;

/// What a Unix server lets a caller do, from the mode bits, owner and groups of an object. Pure.
final class Permissions {
    static final int READ = 4;
    static final int WRITE = 2;
    static final int EXECUTE = 1;

    static final int SET_UID = 0_4000;
    static final int SET_GID = 0_2000;
    static final int STICKY = 0_1000;
    private static final int ANY_EXECUTE = 0_111;
    private static final int GROUP_EXECUTE = 0_010;

    // The bits of ACCESS, RFC 1813 §3.3.4.
    static final int ACCESS_READ = 0x01;
    static final int ACCESS_LOOKUP = 0x02;
    static final int ACCESS_MODIFY = 0x04;
    static final int ACCESS_EXTEND = 0x08;
    static final int ACCESS_DELETE = 0x10;
    static final int ACCESS_EXECUTE = 0x20;

    private Permissions() {}

    /// Whether all of `wanted` (READ, WRITE, EXECUTE) is allowed. Exactly one class of bits counts: the owner's for the
    /// owner, else the group's for a member, else the others'. Root may all, but run only what somebody may run.
    static boolean allowed(Caller caller, InodeFields object, int wanted) {
        if (caller.isRoot()) {
            return (wanted & EXECUTE) == 0 || object.isDirectory() || (object.mode() & ANY_EXECUTE) != 0;
        }
        int shift = caller.uid() == object.uid() ? 6 : inGroup(caller, object.gid()) ? 3 : 0;
        return (object.mode() >>> shift & wanted) == wanted;
    }

    /// Reading and writing of a file's bytes: its owner always may (an open file outlives a change of mode, and the
    /// protocol has no open), and whoever may run a file may read it.
    static boolean mayRead(Caller caller, InodeFields file) {
        return isOwner(caller, file) || allowed(caller, file, READ) || allowed(caller, file, EXECUTE);
    }

    static boolean mayWrite(Caller caller, InodeFields file) {
        return isOwner(caller, file) || allowed(caller, file, WRITE);
    }

    /// The owner, or root.
    static boolean isOwner(Caller caller, InodeFields object) {
        return caller.isRoot() || caller.uid() == object.uid();
    }

    static boolean inGroup(Caller caller, int gid) {
        if (caller.gid() == gid) {
            return true;
        }
        for (int group : caller.groups()) {
            if (group == gid) {
                return true;
            }
        }
        return false;
    }

    /// In a sticky directory a name can be taken away only by the owner of the object, of the directory, or root.
    static boolean stickyForbids(Caller caller, InodeFields directory, InodeFields object) {
        return (directory.mode() & STICKY) != 0 && !isOwner(caller, directory) && !isOwner(caller, object);
    }

    /// The subset of `mask` (ACCESS bits) that is granted.
    static int access(Caller caller, InodeFields object, int mask) {
        int granted = 0;
        if (allowed(caller, object, READ)) {
            granted |= ACCESS_READ;
        }
        boolean write = !caller.readOnly() && allowed(caller, object, WRITE);
        boolean execute = allowed(caller, object, EXECUTE);
        if (object.isDirectory()) {
            granted |= execute ? ACCESS_LOOKUP : 0;
            granted |= write && execute ? ACCESS_MODIFY | ACCESS_EXTEND | ACCESS_DELETE : 0;
        } else {
            granted |= execute ? ACCESS_EXECUTE : 0;
            granted |= write ? ACCESS_MODIFY | ACCESS_EXTEND : 0;
        }
        return granted & mask;
    }

    /// The mode after somebody who is not root changed a file's bytes: no longer set-uid, nor set-gid where that means
    /// a program (with group execution; without, it is mandatory locking).
    static int modeAfterWrite(Caller caller, InodeFields file) {
        return caller.isRoot() ? file.mode() : withoutPrivilege(file.mode());
    }

    /// The mode after a change of owner or group, by anybody; directories keep theirs.
    static int modeAfterOwnerChange(InodeFields object, int mode) {
        return object.isDirectory() ? mode : withoutPrivilege(mode);
    }

    private static int withoutPrivilege(int mode) {
        int kept = mode & ~SET_UID;
        return (kept & GROUP_EXECUTE) != 0 ? kept & ~SET_GID : kept;
    }

    /// The mode that `caller` gets who asked for `mode` on an object of group `gid`: set-gid only for members.
    static int modeFor(Caller caller, int mode, int gid) {
        int wanted = mode & InodeFields.MODE_MASK;
        return caller.isRoot() || inGroup(caller, gid) ? wanted : wanted & ~SET_GID;
    }
}
