package hearth.system.boot;

import java.io.IOException;
import java.util.Optional;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.checkpoint.Checkpointer;
import hearth.checkpoint.Section;
import hearth.dmodule.filesystem.ContainersPart;
import hearth.dmodule.filesystem.FileSystem;

/// Keeps the checkpoint's CONTAINERS section true when an administrator changes volumes or exports: mark, change, save.
/// One thread.
public final class Containers {
    private final Checkpointer checkpointer;
    private final ContainersPart part;
    private final FileSystem fileSystem;
    private final Event.Sink events;
    private Optional<Checkpointer.Mark> mark = Optional.empty();

    Containers(Checkpointer checkpointer, ContainersPart part, FileSystem fileSystem, Event.Sink events) {
        this.checkpointer = checkpointer;
        this.part = part;
        this.fileSystem = fileSystem;
        this.events = events;
    }

    /// Something is about to change. A death from here to the end of `changed` makes the next boot conventional.
    public void changing() {
        mark = Optional.of(checkpointer.mark(Section.CONTAINERS));
    }

    /// The change is durable. Nothing happens when nothing was marked.
    public void changed() {
        if (mark.isEmpty()) {
            return;
        }
        part.mounted(fileSystem);
        try {
            checkpointer.save(part, mark.orElseThrow(() -> Check.failed("volumes changed without a mark")));
        } catch (IOException e) {
            // The section stays stale: the next boot probes.
            events.accept(Event.of(Clock.SYSTEM, "checkpoint.not-saved",
                    "section", Section.CONTAINERS, "why", String.valueOf(e.getMessage())));
        }
        mark = Optional.empty();
    }
}
