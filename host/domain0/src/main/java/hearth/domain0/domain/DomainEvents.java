package hearth.domain0.domain;

import hearth.base.Clock;
import hearth.base.Event;

/// Events of one domain, with its name in each. Any thread.
final class DomainEvents {
    private final String domain;
    private final Clock clock;
    private final Event.Sink sink;

    DomainEvents(String domain, Clock clock, Event.Sink sink) {
        this.domain = domain;
        this.clock = clock;
        this.sink = sink;
    }

    void event(String name, Object... keysAndValues) {
        Object[] all = new Object[keysAndValues.length + 2];
        all[0] = "domain";
        all[1] = domain;
        System.arraycopy(keysAndValues, 0, all, 2, keysAndValues.length);
        sink.accept(Event.of(clock, name, all));
    }

    /// Passes on what a guest said and returns what it was understood as.
    Event fromGuest(long incarnation, String line) {
        Event event = GuestEvents.parse(clock, domain, incarnation, line);
        sink.accept(event);
        return event;
    }
}
