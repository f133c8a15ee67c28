package hearth.domain0.journal;

import java.io.IOException;

/// The journal cannot be used. What is wrong decides what an administrator can do.
public final class JournalException extends IOException {
    private static final long serialVersionUID = 1L;

    /// Kinds of trouble.
    public enum Kind {
        /// No file can be read as this journal: missing, damaged, or a durable entry is gone from all of them.
        /// Acknowledged changes may be lost; only `--accept-loss` goes on.
        LOST,
        /// The files belong to another domain or aggregate, or were written by a later version.
        FOREIGN,
        /// A file cannot be made.
        NOT_CREATED,
        /// No file takes writes any more.
        FAILED
    }

    private final Kind kind;

    public JournalException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public JournalException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
