package hearth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "timeline",
        description = "The stages of a controller's boots, in milliseconds from the death (or spawn) before each.")
final class TimelineVerb extends Verb {
    private static final List<String> STAGES = List.of(
            "detected", "fenced", "spawned", "attached", "planned", "devices", "raid", "volumes", "containers",
            "network", "listening", "firstReply", "replayed");

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "the controller (default: the first)")
    private @Nullable String name;

    @Option(names = "-n", defaultValue = "10", description = "how many of the latest (default: ${DEFAULT-VALUE})")
    private int last;

    @Override
    int run(ApiClient api) throws ApiException {
        String controller = name != null ? name : Controllers.first(api);
        JsonNode answer = api.get(Controllers.path(controller, "timeline"));
        var rows = new ArrayList<List<String>>();
        var heading = new ArrayList<>(List.of("incarnation", "death", "plan"));
        heading.addAll(STAGES);
        heading.addAll(List.of("probes", "replayed"));
        rows.add(heading);
        JsonNode all = answer.path("incarnations");
        for (int i = Math.max(0, all.size() - last); i < all.size(); i++) {
            rows.add(row(all.path(i)));
        }
        print(answer, Text.table(rows));
        return 0;
    }

    private static List<String> row(JsonNode one) {
        JsonNode stamps = one.path("stampsNs");
        long start = firstOf(stamps, "killed", "detected", "spawned");
        var row = new ArrayList<>(List.of(
                one.path("incarnation").asText(), one.path("death").asText("-"), one.path("plan").asText("-")));
        for (String stage : STAGES) {
            long at = stamps.path(stage).asLong();
            row.add(at == 0 || start == 0 ? "-" : String.format(Locale.ROOT, "%.1f", (at - start) / 1e6));
        }
        row.add(sum(one.path("probes").path("guest")) + "/" + sum(one.path("probes").path("host")));
        row.add(one.path("replayedRecords").asText("0"));
        return row;
    }

    private static long firstOf(JsonNode stamps, String... stages) {
        for (String stage : stages) {
            if (stamps.path(stage).asLong() != 0) {
                return stamps.path(stage).asLong();
            }
        }
        return 0;
    }

    private static long sum(JsonNode counts) {
        long sum = 0;
        for (JsonNode count : counts) {
            sum += count.asLong();
        }
        return sum;
    }
}
