package hearth.cli;

/// The host could not be asked, or said no. The message is what the user reads; `exit` is the program's exit code.
final class ApiException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int exit;

    ApiException(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    int exit() {
        return exit;
    }
}
