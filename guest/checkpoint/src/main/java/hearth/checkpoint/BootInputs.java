package hearth.checkpoint;

/// All that the plan depends on.
///
/// @param found what the store held, judged
/// @param now both counters of all sections, read before anything is probed
/// @param regionInstance of the region that was attached
/// @param failedStarts starts of this domain that failed in a row until now
/// @param conventionalAskedFor the administrator or domain 0 wants a conventional boot
public record BootInputs(
        Decoded found, CounterReadings now, long regionInstance, int failedStarts, boolean conventionalAskedFor) {}
