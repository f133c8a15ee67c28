package hearth.domain0.api;

import java.nio.file.Path;
import java.util.List;

import hearth.domain0.event.EventLog;

/// A host with one domain that has no guest.
record FakeHost(Path dataDirectory, FakeDomain domain, EventLog events) implements ControlledHost {
    @Override
    public List<FakeDomain> domains() {
        return List.of(domain);
    }

    @Override
    public List<Stopped> down() {
        return List.of(new Stopped("a", true, "stopped after a consistency point"));
    }
}
