package hearth.dmodule.disk;

import java.io.IOException;

import hearth.base.posix.Errno;
import hearth.memory.ring.DiskStatus;

/// A disk did not do what it was asked.
public final class DiskException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int slot;
    private final long dbn;
    private final DiskStatus status;
    private final int errno;

    public DiskException(int slot, long dbn, DiskStatus status, int errno) {
        super("disk in slot " + slot + ", block " + dbn + ": " + status + why(errno));
        this.slot = slot;
        this.dbn = dbn;
        this.status = status;
        this.errno = errno;
    }

    private static String why(int errno) {
        return switch (errno) {
            case 0 -> "";
            case Errno.ENOSPC, Errno.EDQUOT -> ", " + Errno.name(errno) + " where the disk's file is: make room there";
            default -> ", " + Errno.name(errno);
        };
    }

    public int slot() {
        return slot;
    }

    public long dbn() {
        return dbn;
    }

    public DiskStatus status() {
        return status;
    }

    /// The host kernel's error number, 0 when it gave none.
    public int errno() {
        return errno;
    }
}
