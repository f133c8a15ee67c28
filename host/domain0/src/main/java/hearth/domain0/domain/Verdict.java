package hearth.domain0.domain;

/// What becomes of a domain whose incarnation has ended.
public sealed interface Verdict {
    /// A next incarnation at once.
    ///
    /// @param fastAllowed false: a conventional boot with a cache that was dropped
    record Restart(boolean fastAllowed) implements Verdict {}

    /// None.
    ///
    /// @param failed true when the administrator did not ask for it
    record Leave(String why, boolean failed) implements Verdict {}
}
