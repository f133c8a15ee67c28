package hearth.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "events", description = "What happened since the host started, newest last.")
final class EventsVerb extends Verb {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final long FOLLOW_INTERVAL_MS = 500;

    @Option(names = "-n", defaultValue = "50", description = "how many of the latest (default: ${DEFAULT-VALUE})")
    private int last;

    @Option(names = {"-f", "--follow"}, description = "go on with what happens, until Ctrl-C")
    private boolean follow;

    @Override
    int run(ApiClient api) throws Exception {
        JsonNode answer = api.get("/v1/events?last=" + last);
        if (asJson() && !follow) {
            say(ApiClient.pretty(answer));
            return 0;
        }
        long after = show(answer, 0);
        while (follow) {
            TimeUnit.MILLISECONDS.sleep(FOLLOW_INTERVAL_MS);
            after = show(api.get("/v1/events?after=" + after), after);
        }
        return 0;
    }

    private long show(JsonNode answer, long after) {
        long number = after;
        for (JsonNode event : answer.path("events")) {
            number = event.path("number").asLong();
            say(asJson() ? event.toString() : line(event));
        }
        return number;
    }

    private static String line(JsonNode event) {
        long ns = event.path("wallNs").asLong();
        var line = new StringBuilder(TIME.format(Instant.ofEpochSecond(0, ns)));
        line.append("  ").append(event.path("name").asText());
        event.path("fields").properties().forEach(field ->
                line.append(' ').append(field.getKey()).append('=').append(field.getValue().asText()));
        return line.toString();
    }
}
