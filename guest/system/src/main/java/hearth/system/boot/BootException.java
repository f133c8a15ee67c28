package hearth.system.boot;

import java.io.IOException;

/// The guest cannot come up, and its successor could not either until somebody changes something.
public final class BootException extends IOException {
    private static final long serialVersionUID = 1L;

    /// What has to be changed.
    public enum Kind {
        /// What domain 0 ordered makes no sense.
        CONFIGURATION,
        /// Too few of the aggregate's disks are here or work.
        DISKS,
        /// A disk is not of this aggregate, or its halves lived apart.
        FOREIGN,
        /// No root can be mounted.
        ROOT,
        /// The log cannot be replayed.
        LOG
    }

    private final Kind kind;

    public BootException(Kind kind, String why) {
        super(why);
        this.kind = kind;
    }

    public BootException(Kind kind, String why, Throwable cause) {
        super(why + ": " + cause.getMessage(), cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
