package hearth.domain0.domain;

/// A domain cannot be opened. One message for people that names what is wrong and what to do.
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    /// Exit code for what the administrator has to put right.
    public static final int CONFIGURATION = 2;

    /// Exit code for what failed on its own.
    public static final int FAILED = 1;

    private final int exitCode;

    public StartException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public StartException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
