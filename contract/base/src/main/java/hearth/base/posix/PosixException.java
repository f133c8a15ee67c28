package hearth.base.posix;

import java.io.IOException;

/// The kernel refused a call. Carries the call's name and the error number, so that a caller can tell a full disk from
/// a broken one without reading text.
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    /// A failure of `call` with the kernel's positive error number.
    public PosixException(String call, int errno) {
        super(call + ": " + Errno.name(errno));
        this.call = call;
        this.errno = errno;
    }

    /// The same with what was being worked on: a path, an address.
    public PosixException(String call, int errno, String subject) {
        super(call + " " + subject + ": " + Errno.name(errno));
        this.call = call;
        this.errno = errno;
    }

    /// The system call's name, as in its manual page.
    public String call() {
        return call;
    }

    /// The kernel's positive error number; see `Errno`.
    public int errno() {
        return errno;
    }
}
