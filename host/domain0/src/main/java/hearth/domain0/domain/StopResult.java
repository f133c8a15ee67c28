package hearth.domain0.domain;

/// How a domain stopped.
///
/// @param inOrder the guest took a consistency point and ended by itself; else it was killed, and what was stable
///     stands in log and journal
/// @param text one line for people
public record StopResult(boolean inOrder, String text) {}
