package hearth.checkpoint;

import java.util.Optional;

import hearth.memory.region.SectionCounters.SectionCounter;

/// Whether a saved section may be believed.
public enum Freshness {
    /// Nothing changed since before it was probed.
    FRESH,
    /// The host's side changed: devices came or went, the configuration was edited.
    HOST_CHANGED,
    /// The guest marked a change and died before it saved the section.
    GUEST_CHANGED,
    /// Both changed.
    BOTH_CHANGED,
    /// It was never saved.
    MISSING;

    /// Compares what the section recorded with what the counters say now, in the region `regionInstance`.
    public static Freshness of(
            Optional<SectionState> saved, Section section, CounterReadings now, long regionInstance) {
        if (saved.isEmpty()) {
            return MISSING;
        }
        var host = now.host(section);
        var guest = now.guest(section);
        boolean hostSame = isSame(host, saved.get().host(), regionInstance);
        boolean guestSame = isSame(guest, saved.get().guest(), regionInstance);
        if (hostSame) {
            return guestSame ? FRESH : GUEST_CHANGED;
        }
        return guestSame ? HOST_CHANGED : BOTH_CHANGED;
    }

    private static boolean isSame(SectionCounter now, SectionCounter saved, long regionInstance) {
        return now.instance() == regionInstance
                && saved.instance() == regionInstance
                && now.counter() == saved.counter();
    }
}
