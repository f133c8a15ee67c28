package hearth.domain0.api;

import hearth.memory.channel.AdminRequest;

/// A call that is answered with an error.
///
/// `exit` is what a command line that made the call should end with.
final class ApiError extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final int status;
    private final int exit;

    private ApiError(int status, int exit, String message) {
        super(message);
        this.status = status;
        this.exit = exit;
    }

    static ApiError badRequest(String message) {
        return new ApiError(400, USAGE, message);
    }

    static ApiError unauthorised() {
        return new ApiError(401, FAILED, "the token is missing or wrong; it stands in run/token of the data directory");
    }

    static ApiError forbidden(String message) {
        return new ApiError(403, FAILED, message);
    }

    static ApiError notFound(String message) {
        return new ApiError(404, USAGE, message);
    }

    static ApiError wrongMethod(String allowed) {
        return new ApiError(405, USAGE, "only " + allowed + " is possible here");
    }

    static ApiError refused(String message) {
        return new ApiError(409, FAILED, message);
    }

    /// What a guest said no to.
    static ApiError of(AdminRequest.Outcome outcome, String message) {
        return switch (outcome) {
            case INVALID -> badRequest(message);
            case NOT_FOUND -> notFound(message);
            case REFUSED -> refused(message);
            case DONE -> throw new IllegalArgumentException("done is no error");
        };
    }

    static ApiError broken(String message) {
        return new ApiError(500, FAILED, message);
    }

    int status() {
        return status;
    }

    int exit() {
        return exit;
    }
}
