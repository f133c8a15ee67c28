package hearth.domain0.api;

/// A domain cannot do now what it was asked for. One line that says why and what to do.
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
