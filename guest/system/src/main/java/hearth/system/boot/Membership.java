package hearth.system.boot;

import java.io.IOException;
import java.util.Optional;

import hearth.base.Check;
import hearth.checkpoint.Checkpointer;
import hearth.checkpoint.Section;
import hearth.dmodule.raid.MembershipListener;
import hearth.dmodule.raid.RaidPart;
import hearth.dmodule.raid.RaidState;

/// Keeps the checkpoint's RAID section true when members leave: mark, labels, save. Called under the group's lock.
///
/// Until the checkpoint is whole there is nothing to keep true: a conventional boot has cleared it and saves all
/// sections at its end.
final class Membership implements MembershipListener {
    private final Checkpointer checkpointer;
    private final RaidPart part;
    private final BootEnvironment env;
    private Optional<Checkpointer.Mark> mark = Optional.empty();
    private volatile boolean saved;

    Membership(Checkpointer checkpointer, RaidPart part, BootEnvironment env) {
        this.checkpointer = checkpointer;
        this.part = part;
        this.env = env;
    }

    /// From here on the checkpoint has a RAID section.
    void checkpointIsSaved() {
        saved = true;
    }

    @Override
    public void changing() {
        if (saved) {
            mark = Optional.of(checkpointer.mark(Section.RAID));
        }
    }

    @Override
    public void changed(RaidState state) {
        part.changed(state);
        if (!saved) {
            return;
        }
        try {
            checkpointer.save(part, mark.orElseThrow(() -> Check.failed("members changed without a mark")));
        } catch (IOException e) {
            // The section stays stale: the next boot probes.
            env.event("checkpoint.not-saved", "section", Section.RAID, "why", String.valueOf(e.getMessage()));
        }
    }
}
