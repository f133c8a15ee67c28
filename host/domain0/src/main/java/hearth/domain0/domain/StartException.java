package hearth.domain0.domain;

/// A domain cannot be opened. One message for people that names what is wrong and what to do.
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    /// Exit code for what the administrator has to put right.
    public static final int CONFIGURATION = 2;

    /// Exit code for what failed on its own.
    public static final int FAILED = 1;

    private final int exitCode;
    private final String key;

    public StartException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
        key = "";
    }

    public StartException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        key = "";
    }

    /// About one key of the controller, such as `disks[1].file`: something for the administrator to put right.
    StartException(String key, String message) {
        super(message);
        exitCode = CONFIGURATION;
        this.key = key;
    }

    /// The key it is about, "" for none.
    String key() {
        return key;
    }

    public int exitCode() {
        return exitCode;
    }
}
