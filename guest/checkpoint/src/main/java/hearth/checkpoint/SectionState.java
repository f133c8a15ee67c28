package hearth.checkpoint;

import hearth.memory.region.SectionCounters.SectionCounter;

/// One saved section. `host` and `guest` are the counters as read before the probe that found `bytes`; `generation`
/// counts the saves of this section.
public record SectionState(
        long generation, long fingerprint, SectionCounter host, SectionCounter guest, byte[] bytes) {}
