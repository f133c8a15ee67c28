package hearth.base;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One log event: a name from a small vocabulary ("boot.decided") and fields in the order given. Not a sentence.
public record Event(long wallNs, String name, Map<String, Object> fields) {
    public Event {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /// Takes fields as key, value, key, value.
    public static Event of(Clock clock, String name, Object... keysAndValues) {
        Check.that(keysAndValues.length % 2 == 0, "event fields come in pairs", keysAndValues.length);
        var fields = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return new Event(clock.wallNs(), name, fields);
    }

    /// One line, `name key=value key=value`; values with spaces are quoted.
    public String line() {
        List<String> parts = new ArrayList<>();
        parts.add(name);
        fields.forEach((key, value) -> {
            String text = String.valueOf(value);
            boolean quoted = text.indexOf(' ') >= 0 || text.isEmpty();
            parts.add(key + "=" + (quoted ? '"' + text.replace('"', '\'') + '"' : text));
        });
        return String.join(" ", parts);
    }

    /// Where events go. Implementations are thread-safe and never block for long.
    @FunctionalInterface
    public interface Sink {
        void accept(Event event);
    }
}
