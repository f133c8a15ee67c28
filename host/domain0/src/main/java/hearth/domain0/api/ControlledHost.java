package hearth.domain0.api;

import java.nio.file.Path;
import java.util.List;

import hearth.domain0.event.EventLog;

/// The host as its interface needs it. Any thread may call.
public interface ControlledHost {
    Path dataDirectory();

    /// In the order of the configuration.
    List<? extends ControlledDomain> domains();

    EventLog events();

    /// Stops every domain at a consistency point, and the host after the answer. Whoever calls again gets the same
    /// result. Returns when the domains have stopped.
    List<Stopped> down() throws InterruptedException;

    /// How one domain went down.
    ///
    /// @param result one line for people
    record Stopped(String name, boolean inOrder, String result) {}
}
