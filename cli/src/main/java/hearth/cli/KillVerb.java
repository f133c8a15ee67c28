package hearth.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "kill",
        description = "Kills a controller with SIGKILL, for testing: the host starts the next incarnation at once.")
final class KillVerb extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "the controller")
    private String name = "";

    @Option(names = "--conventional", description = "the next boot probes everything")
    private boolean conventional;

    @Override
    int run(ApiClient api) throws ApiException {
        JsonNode answer = api.post(Controllers.path(name, "kill") + "?conventional=" + conventional);
        print(answer, "controller " + name + ": incarnation " + answer.path("incarnation").asText()
                + " was killed; ./hearth timeline " + name + " shows its successor");
        return 0;
    }
}
