package hearth.checkpoint;

import java.util.EnumMap;
import java.util.Map;

import hearth.base.Check;
import hearth.memory.region.SectionCounters;
import hearth.memory.region.SectionCounters.SectionCounter;

/// Both counters of all sections, read at one time: before probing, so that what changes meanwhile makes the section
/// that is saved afterwards stale.
public record CounterReadings(Map<Section, SectionCounter> host, Map<Section, SectionCounter> guest) {
    public CounterReadings {
        host = new EnumMap<>(host);
        guest = new EnumMap<>(guest);
        Check.that(host.size() == Section.values().length && guest.size() == host.size(), "a section has no counter");
    }

    public static CounterReadings read(SectionCounters host, SectionCounters guest) {
        Map<Section, SectionCounter> hosts = new EnumMap<>(Section.class);
        Map<Section, SectionCounter> guests = new EnumMap<>(Section.class);
        for (Section section : Section.values()) {
            hosts.put(section, host.read(section.ordinal()));
            guests.put(section, guest.read(section.ordinal()));
        }
        return new CounterReadings(hosts, guests);
    }

    public SectionCounter host(Section section) {
        return of(host, section);
    }

    public SectionCounter guest(Section section) {
        return of(guest, section);
    }

    private static SectionCounter of(Map<Section, SectionCounter> counters, Section section) {
        SectionCounter counter = counters.get(section);
        if (counter == null) {
            throw Check.failed("no counter for section " + section);
        }
        return counter;
    }
}
