package hearth.domain0;

import java.io.IOException;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.domain0.domain.KnownVolumes;
import hearth.domain0.event.EventLog;
import hearth.domain0.state.DataDirectory;

/// Keeps the host's memo true while volumes and exports change. Any thread.
final class MemoKeeper {
    private final DataDirectory directory;
    private final EventLog events;
    private HostMemo memo;

    MemoKeeper(HostMemo memo, DataDirectory directory, EventLog events) {
        this.memo = memo;
        this.directory = directory;
        this.events = events;
    }

    synchronized void save() throws IOException {
        memo.save(directory);
    }

    /// A memo that cannot be written is made good by the next start, which asks the guests what there is.
    synchronized void volumesChanged(String controller, KnownVolumes volumes) {
        memo = memo.changed(controller, new HostMemo.Made(volumes.volumes(), volumes.exports()));
        try {
            memo.save(directory);
        } catch (IOException e) {
            events.accept(Event.of(Clock.SYSTEM, "state.not-saved", "domain", controller, "why",
                    DataDirectory.reason(e)));
        }
    }
}
