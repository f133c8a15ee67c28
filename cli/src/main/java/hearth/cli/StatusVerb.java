package hearth.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = "One screen: address, state, incarnation, last outage, space, cache, disks.")
final class StatusVerb extends Verb {
    @Override
    int run(ApiClient api) throws ApiException {
        JsonNode answer = api.get("/v1/status");
        var lines = new ArrayList<String>();
        lines.add("host        process " + answer.path("pid").asText()
                + " on " + answer.path("dataDirectory").asText());
        for (JsonNode controller : answer.path("controllers")) {
            lines.add("");
            add(lines, controller);
        }
        print(answer, String.join("\n", lines));
        return 0;
    }

    private static void add(List<String> lines, JsonNode c) {
        String reason = c.path("reason").asText("");
        lines.add("controller  " + c.path("name").asText() + "  " + c.path("state").asText()
                + (reason.isEmpty() ? "" : ": " + reason));
        c.path("urls").forEach(url -> lines.add("  url       " + url.asText()));
        c.path("mounts").forEach(mount -> lines.add("  mount     " + mount.asText()));
        lines.add("  boot      incarnation " + c.path("incarnation").asText() + ", process " + c.path("pid").asText()
                + ", " + c.path("plan").asText("no plan yet") + ", " + c.path("restarts").asText()
                + " restarts, last outage " + outage(c));
        JsonNode space = c.path("space");
        lines.add("  space     " + Text.bytes(space.path("usedBytes").asLong()) + " used of "
                + Text.bytes(space.path("totalBytes").asLong()) + ", " + Text.bytes(space.path("freeBytes").asLong())
                + " free");
        JsonNode cache = c.path("cache");
        lines.add(String.format(
                Locale.ROOT,
                "  cache     %.1f%% hits since the last boot, %s of %s frames used, huge pages %s%%",
                100 * cache.path("hitRatio").asDouble(),
                cache.path("framesUsed").asText(),
                cache.path("frames").asText(),
                c.path("hugePagePercent").asText()));
        lines.add("  log       " + c.path("log").path("fillPercent").asText() + "% full, "
                + c.path("log").path("flushedLagRecords").asText() + " records behind in the journal (journal "
                + c.path("journal").asText() + ")");
        for (JsonNode disk : c.path("disks")) {
            lines.add("  disk      " + disk.path("name").asText() + "  " + disk.path("state").asText() + "  "
                    + disk.path("file").asText());
        }
        if (c.path("degraded").asBoolean()) {
            lines.add("  WARNING   the mirror is degraded: one disk holds the only copy");
        }
        lines.add("  confined  " + c.path("confinement").asText());
    }

    private static String outage(JsonNode c) {
        double ms = c.path("lastOutageMs").asDouble(-1);
        return ms < 0 ? "none" : Text.ms(ms);
    }
}
