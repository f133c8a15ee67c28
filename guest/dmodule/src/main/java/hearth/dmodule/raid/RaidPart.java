package hearth.dmodule.raid;

import java.util.Optional;

import hearth.base.Check;
import hearth.checkpoint.CheckpointPart;
import hearth.checkpoint.RestoreException;
import hearth.checkpoint.Section;

/// The assembled group, so that a restart need not read its labels. Whoever changes members tells `changed` before the
/// section is saved, under the lock that also covers the saving.
public final class RaidPart implements CheckpointPart {
    private Optional<RaidState> state = Optional.empty();

    /// The group as its labels now say.
    public void changed(RaidState now) {
        state = Optional.of(now);
    }

    /// What was assembled, or restored.
    public RaidState state() {
        return state.orElseThrow(() -> Check.failed("RAID is neither assembled nor restored"));
    }

    @Override
    public Section section() {
        return Section.RAID;
    }

    @Override
    public long fingerprint() {
        return state().generation().number() * 31 + state().generation().id();
    }

    @Override
    public byte[] save() {
        return RaidStateCodec.encode(state());
    }

    @Override
    public void restore(byte[] saved) throws RestoreException {
        state = RaidStateCodec.decode(saved);
        if (state.isEmpty()) {
            throw new RestoreException(section(), "not a group's state");
        }
        if (state.get().inSync().isEmpty()) {
            throw new RestoreException(section(), "no member is in sync");
        }
    }
}
