package hearth.domain0;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import hearth.base.Event;

/// Turns the events that matter to somebody who watches into lines. Everything else is in the log.
final class Narrator {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final double US_PER_MS = 1e3;

    private Narrator() {}

    static Optional<String> line(Event event) {
        Map<String, Object> fields = event.fields();
        String text = switch (event.name()) {
            case "guest.listening" -> "incarnation " + fields.get("incarnation") + " serves, " + fields.get("plan")
                    + outage(fields);
            case "guest.fenced" -> "incarnation " + fields.get("incarnation") + " ended: " + fields.get("how");
            case "guest.not-started" -> "no guest could be started: " + fields.get("why");
            case "domain.failed" -> "FAILED: " + fields.get("why") + "; ./hearth restart " + fields.get("domain")
                    + " tries again";
            case "journal.degraded" -> "WARNING: the journal does not keep up: " + fields.get("why");
            case "journal.recovered" -> "the journal is well again";
            case "journal.file-failed" -> "WARNING: a journal file has failed: " + fields.get("why");
            default -> "";
        };
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Instant at = Instant.ofEpochSecond(0, event.wallNs());
        return Optional.of(TIME.format(at) + "  controller " + fields.getOrDefault("domain", "?") + ": " + text);
    }

    private static String outage(Map<String, Object> fields) {
        return fields.get("outage_us") instanceof Number us && us.longValue() > 0
                ? String.format(Locale.ROOT, ", outage %.1f ms", us.doubleValue() / US_PER_MS)
                : "";
    }
}
