package hearth.memory.region;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.word.Words;

/// Counters that say whether a part of the configuration changed. The side that owns them marks a change, then applies
/// it, then saves the section; so one that died in between has marked, and the section counts as stale.
public final class SectionCounters {
    /// Sections in their order; the checkpoint gives them names.
    public static final int SECTIONS = SectionCountersLayout.SECTIONS;

    private final MemorySegment memory;

    SectionCounters(MemorySegment memory) {
        this.memory = memory;
    }

    /// One counter as it was read; equal ones mean that nothing changed.
    public record SectionCounter(long instance, long counter) {}

    /// Maker only: all counters of a new region.
    void reset(long instance) {
        for (int section = 0; section < SECTIONS; section++) {
            Words.storeLong(memory, at(section) + SectionCountersLayout.COUNTER_OFFSET, 1);
            Words.storeLong(memory, at(section) + SectionCountersLayout.INSTANCE_OFFSET, instance);
        }
    }

    public SectionCounter read(int section) {
        long instance = Words.loadLong(memory, at(section) + SectionCountersLayout.INSTANCE_OFFSET);
        long counter = Words.loadLong(memory, at(section) + SectionCountersLayout.COUNTER_OFFSET);
        return new SectionCounter(instance, counter);
    }

    /// Owner only, any thread: something in this section is about to change. Returns the new counter.
    public long mark(int section) {
        long counter = Words.addLong(memory, at(section) + SectionCountersLayout.COUNTER_OFFSET, 1) + 1;
        Words.fullFence();
        DeathPoint.stored(StoreGroup.COUNTERS);
        return counter;
    }

    private static long at(int section) {
        Check.that(section >= 0 && section < SECTIONS, "no such section", section);
        return (long) section * SectionCountersLayout.ENTRY_SIZE;
    }
}
