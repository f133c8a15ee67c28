package hearth.checkpoint;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// A boot checkpoint: whose it is, and the sections that were saved, not necessarily all.
public record Checkpoint(String domain, long regionInstance, Map<Section, SectionState> sections) {
    public Checkpoint {
        var copy = new EnumMap<Section, SectionState>(Section.class);
        copy.putAll(sections);
        sections = Collections.unmodifiableMap(copy);
    }

    public Optional<SectionState> section(Section section) {
        return Optional.ofNullable(sections.get(section));
    }
}
