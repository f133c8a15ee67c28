package hearth.domain0.state;

/// The data directory cannot be used: not made, not written, or in use. One line that says what to do.
public final class DataDirectoryException extends Exception {
    private static final long serialVersionUID = 1L;

    static final int FAILED = 1;
    static final int USAGE = 2;

    private final int exit;

    DataDirectoryException(String message) {
        this(USAGE, message);
    }

    DataDirectoryException(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    /// What the program ends with: 2 where another directory is the remedy, 1 where this one is only out of space.
    public int exit() {
        return exit;
    }
}
