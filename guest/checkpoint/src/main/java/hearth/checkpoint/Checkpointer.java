package hearth.checkpoint;

import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import hearth.base.Check;
import hearth.memory.region.SectionCounters;
import hearth.memory.region.SectionCounters.SectionCounter;

/// Saves and restores the sections of one domain's boot checkpoint. Any thread; each section has one that changes it.
///
/// A boot that probes: `readings`, probe, `saveAll`. The guest's own change at run time: `mark`, apply the change,
/// `save` with the mark. The host's change at run time: `readings`, probe the section again, `save` with the readings.
/// A death between leaves the section stale.
public final class Checkpointer {
    private final String domain;
    private final long regionInstance;
    private final SectionCounters host;
    private final SectionCounters guest;
    private final CheckpointStore store;

    /// `host` are the counters in `control`, `guest` those in the `guest` file, which this class marks.
    public Checkpointer(
            String domain, long regionInstance, SectionCounters host, SectionCounters guest, CheckpointStore store) {
        this.domain = domain;
        this.regionInstance = regionInstance;
        this.host = host;
        this.guest = guest;
        this.store = store;
    }

    /// Both counters now; to be taken before probing.
    public CounterReadings readings() {
        return CounterReadings.read(host, guest);
    }

    /// What the store holds, judged for this domain and region.
    public Decoded load() throws IOException {
        Optional<byte[]> bytes = store.read();
        return bytes.isPresent() ? CheckpointCodec.decode(bytes.get(), domain, regionInstance) : new Decoded.Absent();
    }

    /// The guest's counter of a section as one `mark` left it.
    public record Mark(Section section, SectionCounter guest) {}

    /// Says that the guest is about to change the section; from here until it is saved it is stale. Of two marks only
    /// the later one's save makes it fresh again, so that one must include both changes.
    public Mark mark(Section section) {
        return new Mark(section, new SectionCounter(regionInstance, guest.mark(section.ordinal())));
    }

    /// Saves all sections as discovered after `before`. A section without a part has nothing to discover and is saved
    /// empty.
    public synchronized void saveAll(List<CheckpointPart> parts, CounterReadings before) throws IOException {
        Map<Section, SectionState> old = known();
        Map<Section, SectionState> sections = new EnumMap<>(Section.class);
        for (Section section : Section.values()) {
            sections.put(section, new SectionState(
                    nextGeneration(old, section), 0, before.host(section), before.guest(section), new byte[0]));
        }
        Set<Section> saved = EnumSet.noneOf(Section.class);
        for (CheckpointPart part : parts) {
            Section section = part.section();
            Check.that(saved.add(section), "two parts save one section", section.ordinal());
            sections.put(section, state(part, old, before.host(section), before.guest(section)));
        }
        write(sections);
    }

    /// Saves a section that was probed again after `before`, and keeps the others as they were saved. Without a valid
    /// checkpoint there is nothing to keep: then the next boot is a conventional one anyway, and nothing is written.
    public synchronized void save(CheckpointPart part, CounterReadings before) throws IOException {
        Section section = part.section();
        save(part, known(), before.host(section), before.guest(section));
    }

    /// Saves a section after the guest's own change. The host's counter stays as recorded: a change of the host's that
    /// nobody has probed for stays visible.
    public synchronized void save(CheckpointPart part, Mark mark) throws IOException {
        Check.that(part.section() == mark.section(), "marked another section", mark.section().ordinal());
        Map<Section, SectionState> sections = known();
        SectionState old = sections.get(mark.section());
        if (old != null) {
            save(part, sections, old.host(), mark.guest());
        }
    }

    private void save(CheckpointPart part, Map<Section, SectionState> known, SectionCounter host, SectionCounter guest)
            throws IOException {
        if (!known.isEmpty()) {
            known.put(part.section(), state(part, known, host, guest));
            write(known);
        }
    }

    /// Hands each part its section, in the order of sections. After an exception the parts are in no defined state:
    /// they probe.
    public static void restore(Checkpoint checkpoint, List<CheckpointPart> parts) throws RestoreException {
        for (Section section : Section.values()) {
            for (CheckpointPart part : parts) {
                if (part.section() == section) {
                    SectionState state = checkpoint.section(section)
                            .orElseThrow(() -> new RestoreException(section, "was never saved"));
                    part.restore(state.bytes().clone());
                }
            }
        }
    }

    private Map<Section, SectionState> known() throws IOException {
        Map<Section, SectionState> known = new EnumMap<>(Section.class);
        if (load() instanceof Decoded.Valid(Checkpoint checkpoint)) {
            known.putAll(checkpoint.sections());
        }
        return known;
    }

    private static SectionState state(
            CheckpointPart part, Map<Section, SectionState> old, SectionCounter host, SectionCounter guest) {
        return new SectionState(nextGeneration(old, part.section()), part.fingerprint(), host, guest, part.save());
    }

    private static long nextGeneration(Map<Section, SectionState> old, Section section) {
        SectionState before = old.get(section);
        return before == null ? 1 : before.generation() + 1;
    }

    private void write(Map<Section, SectionState> sections) throws IOException {
        store.write(CheckpointCodec.encode(new Checkpoint(domain, regionInstance, sections)));
    }
}
