package hearth.cli;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "volume",
        description = "Makes, lists, resizes and deletes volumes. A change that was answered is durable.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            VolumeVerb.Create.class,
            VolumeVerb.List.class,
            VolumeVerb.Resize.class,
            VolumeVerb.Delete.class
        })
final class VolumeVerb {
    private static final String SIZE_HELP =
            "the most that it may hold, such as 10GiB; none: as much as the controller's disks have";

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    private VolumeVerb() {}

    @Command(
            name = "create",
            description = "Makes an empty volume. Nobody can mount it before it is exported: ./hearth export create")
    static final class Create extends AdminVerb {
        @Parameters(index = "0", paramLabel = "NAME", description = "a lower-case letter and up to 30 of a-z, 0-9, -")
        private String name = "";

        @Option(names = "--size", paramLabel = "SIZE", description = SIZE_HELP + " (default: none)")
        private @Nullable String size;

        @Override
        int run(ApiClient api) throws ApiException {
            JsonNode answer = api.post(path(api, "volumes") + query("name", name, "size", size));
            print(answer, "volume " + name + " made; export it with: ./hearth export create /" + name + " --volume "
                    + name + " --clients 192.168.1.0/24");
            return 0;
        }
    }

    @Command(name = "list", description = "Name, size, used, files, export and state of each volume.")
    static final class List extends AdminVerb {
        @Override
        int run(ApiClient api) throws ApiException {
            JsonNode answer = api.get(path(api, "volumes"));
            print(answer, volumeTable(answer));
            return 0;
        }
    }

    @Command(name = "resize", description = "Changes the most that a volume may hold; not below what it uses.")
    static final class Resize extends AdminVerb {
        @Parameters(index = "0", paramLabel = "NAME", description = "the volume")
        private String name = "";

        @Option(names = "--size", paramLabel = "SIZE", required = true, description = SIZE_HELP)
        private String size = "";

        @Override
        int run(ApiClient api) throws ApiException {
            JsonNode answer = api.post(path(api, "volumes/" + encoded(name) + "/resize") + query("size", size));
            print(answer, "volume " + name + " has the size " + size + " now");
            return 0;
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a volume. It is gone for its clients at once; its space comes back in the"
                    + " background: ./hearth volume list shows how far that is.")
    static final class Delete extends AdminVerb {
        private static final long LOOK_MS = 500;

        @Parameters(index = "0", paramLabel = "NAME", description = "the volume")
        private String name = "";

        @Option(names = "--force", description = "also when it is exported or not empty")
        private boolean force;

        @Option(names = "--wait", description = "until its space is free, telling how far that is")
        private boolean wait;

        @Override
        int run(ApiClient api) throws Exception {
            String volumes = path(api, "volumes");
            JsonNode answer = api.post(
                    volumes + "/" + encoded(name) + "/delete" + query("force", Boolean.toString(force)));
            while (wait && deleting(answer).filter(one -> one.path("state").asText().equals("deleting")).isPresent()) {
                if (!asJson()) {
                    say(progress(answer));
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                answer = api.get(volumes);
            }
            String left = deleting(answer).isPresent() ? "; " + progress(answer) : "";
            print(answer, "volume " + name + " deleted" + left);
            return 0;
        }

        private Optional<JsonNode> deleting(JsonNode answer) {
            for (JsonNode one : answer.path("volumes")) {
                if (one.path("name").asText().equals(name) && one.path("state").asText().startsWith("deleting")) {
                    return Optional.of(one);
                }
            }
            return Optional.empty();
        }

        private String progress(JsonNode answer) {
            return deleting(answer)
                    .map(one -> Text.bytes(one.path("usedBytes").asLong()) + " still to be freed ("
                            + one.path("state").asText() + ")")
                    .orElse("");
        }
    }
}
