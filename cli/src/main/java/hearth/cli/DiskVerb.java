package hearth.cli;

import java.util.ArrayList;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "disk",
        description = "Lists a controller's disks.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = DiskVerb.List.class)
final class DiskVerb {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    private DiskVerb() {}

    @Command(
            name = "list",
            description = "Name, file, size, use, state, label generation, and requests since the host started. States:"
                    + " present; stale, there, but the mirror went on without it; absent.")
    static final class List extends AdminVerb {
        @Override
        int run(ApiClient api) throws ApiException {
            JsonNode answer = api.get(path(api, "disks"));
            var rows = new ArrayList<java.util.List<String>>();
            rows.add(java.util.List.of(
                    "name", "state", "used as", "size", "label", "reads", "writes", "errors", "file"));
            for (JsonNode one : answer.path("disks")) {
                rows.add(java.util.List.of(one.path("name").asText(), one.path("state").asText(),
                        one.path("usedAs").asText(), Text.bytes(one.path("sizeBytes").asLong()),
                        one.path("labelGeneration").asText(), one.path("reads").asText(), one.path("writes").asText(),
                        one.path("errors").asText(), one.path("file").asText()));
            }
            print(answer, Text.table(rows));
            return 0;
        }
    }
}
