package hearth.domain0.state;

/// The data directory cannot be used: not made, not written, or in use. One line that says what to do; exit code 2.
public final class DataDirectoryException extends Exception {
    private static final long serialVersionUID = 1L;

    public DataDirectoryException(String message) {
        super(message);
    }
}
