package hearth.domain0.config;

/// When a start counts as failed, and how often it may.
///
/// @param failedStartsMax failed starts in a row after which the controller is FAILED
/// @param failedStartMs a death within this time of listening is a failed start, unless
/// @param failedStartAnswers so many calls were answered
/// @param stopTimeoutMs how long a guest may take to stop in order
public record RestartConfig(int failedStartsMax, long failedStartMs, int failedStartAnswers, long stopTimeoutMs) {
    public static final RestartConfig DEFAULT = new RestartConfig(5, 500, 100, 60_000);
}
