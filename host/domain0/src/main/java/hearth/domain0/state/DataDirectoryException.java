package hearth.domain0.state;

/// The data directory cannot be used: not made, not written, or in use. One line that says what to do. Ends the program
/// with exit code 2.
public final class DataDirectoryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean inUse;

    DataDirectoryException(String message) {
        this(message, false);
    }

    private DataDirectoryException(String message, boolean inUse) {
        super(message);
        this.inUse = inUse;
    }

    static DataDirectoryException inUse(String message) {
        return new DataDirectoryException(message, true);
    }

    /// Whether a host that runs has it.
    public boolean isInUse() {
        return inUse;
    }
}
