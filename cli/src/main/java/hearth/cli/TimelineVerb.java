package hearth.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "timeline",
        description = "The stages of a controller's boots, one column for each incarnation, with times.")
final class TimelineVerb extends Verb {
    private static final List<String> STAGES = List.of(
            "detected", "fenced", "spawned", "attached", "planned", "devices", "raid", "volumes", "containers",
            "network", "replayed", "listening", "firstReply");

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "the controller (default: the first)")
    private @Nullable String name;

    @Option(names = "-n", defaultValue = "6", description = "how many of the latest (default: ${DEFAULT-VALUE})")
    private int last;

    @Override
    int run(ApiClient api) throws ApiException {
        String controller = name != null ? name : Controllers.first(api);
        JsonNode answer = api.get(Controllers.path(controller, "timeline"));
        JsonNode all = answer.path("incarnations");
        var columns = new ArrayList<List<String>>();
        columns.add(names());
        for (int i = Math.max(0, all.size() - last); i < all.size(); i++) {
            columns.add(column(all.path(i)));
        }
        print(answer, Text.table(transposed(columns)) + "\n\nmilliseconds from the death before, or from the spawn");
        return 0;
    }

    private static List<String> names() {
        var names = new ArrayList<>(List.of("incarnation", "death before", "plan"));
        names.addAll(STAGES);
        names.addAll(List.of("probes (guest/host)", "records replayed"));
        return names;
    }

    private static List<String> column(JsonNode one) {
        JsonNode stamps = one.path("stampsNs");
        long start = firstOf(stamps, "killed", "detected", "spawned");
        var column = new ArrayList<>(List.of(
                one.path("incarnation").asText(), orDash(one.path("death")), orDash(one.path("plan"))));
        for (String stage : STAGES) {
            long at = stamps.path(stage).asLong();
            column.add(at == 0 || start == 0 ? "-" : String.format(Locale.ROOT, "%.1f", (at - start) / 1e6));
        }
        column.add(sum(one.path("probes").path("guest")) + "/" + sum(one.path("probes").path("host")));
        column.add(one.path("replayedRecords").asText("0"));
        return column;
    }

    private static String orDash(JsonNode text) {
        return text.asText().isEmpty() ? "-" : text.asText();
    }

    private static List<List<String>> transposed(List<List<String>> columns) {
        var rows = new ArrayList<List<String>>();
        for (int row = 0; row < columns.getFirst().size(); row++) {
            int at = row;
            rows.add(columns.stream().map(column -> column.get(at)).toList());
        }
        return rows;
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
