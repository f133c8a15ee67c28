package hearth.cli;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = "Says who may mount which volume. A change is durable when it is answered, and counts for"
                + " mounted clients at once.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ExportVerb.Create.class, ExportVerb.Set.class, ExportVerb.Delete.class, ExportVerb.List.class})
final class ExportVerb {
    private static final String CLIENTS_HELP =
            "who may come: addresses and blocks of them, such as 192.168.1.0/24; everybody is 0.0.0.0/0,::/0";
    private static final String ACCESS_HELP = "rw or ro";
    private static final String SQUASH_HELP = "whose identity becomes nobody's: none, root or all";

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    private ExportVerb() {}

    @Command(name = "create", description = "Exports a volume, which has one export at most.")
    static final class Create extends AdminVerb {
        @Parameters(index = "0", paramLabel = "PATH", description = "what clients mount, such as /projects")
        private String path = "";

        @Option(names = "--volume", paramLabel = "NAME", required = true, description = "the volume")
        private String volume = "";

        @Option(names = "--clients", paramLabel = "CIDR,…", required = true, description = CLIENTS_HELP)
        private String clients = "";

        @Option(names = "--access", paramLabel = "ACCESS", description = ACCESS_HELP + " (default: rw)")
        private @Nullable String access;

        @Option(names = "--squash", paramLabel = "WHOM", description = SQUASH_HELP + " (default: root)")
        private @Nullable String squash;

        @Override
        int run(ApiClient api) throws ApiException {
            JsonNode answer = api.post(path(api, "exports") + query(
                    "path", path, "volume", volume, "clients", clients, "access", access, "squash", squash));
            print(answer, "volume " + volume + " exported as " + path + "; ./hearth status shows how to mount it");
            return 0;
        }
    }

    @Command(name = "set", description = "Changes an export; what is not named stays as it is.")
    static final class Set extends AdminVerb {
        @Parameters(index = "0", paramLabel = "PATH", description = "the export")
        private String path = "";

        @Option(names = "--clients", paramLabel = "CIDR,…", description = CLIENTS_HELP)
        private @Nullable String clients;

        @Option(names = "--access", paramLabel = "ACCESS", description = ACCESS_HELP)
        private @Nullable String access;

        @Option(names = "--squash", paramLabel = "WHOM", description = SQUASH_HELP)
        private @Nullable String squash;

        @Override
        int run(ApiClient api) throws ApiException {
            JsonNode answer = api.post(path(api, "exports/set") + query(
                    "path", path, "clients", clients, "access", access, "squash", squash));
            print(answer, "export " + path + " changed");
            return 0;
        }
    }

    @Command(name = "delete", description = "Ends an export; the volume stays. Mounted clients are refused at once.")
    static final class Delete extends AdminVerb {
        @Parameters(index = "0", paramLabel = "PATH", description = "the export")
        private String path = "";

        @Override
        int run(ApiClient api) throws ApiException {
            JsonNode answer = api.post(path(api, "exports/delete") + query("path", path));
            print(answer, "export " + path + " deleted");
            return 0;
        }
    }

    @Command(name = "list", description = "Path, volume, access, squash and clients of each export.")
    static final class List extends AdminVerb {
        @Override
        int run(ApiClient api) throws ApiException {
            JsonNode answer = api.get(path(api, "exports"));
            print(answer, exportTable(answer));
            return 0;
        }
    }
}
