package hearth.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restart",
        description = "Stops a controller at a consistency point, starts it again, and waits until it serves.")
final class RestartVerb extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "the controller")
    private String name = "";

    @Option(names = "--conventional", description = "probe everything instead of trusting the boot checkpoint")
    private boolean conventional;

    @Option(names = "--drop-cache", description = "start with an empty cache")
    private boolean dropCache;

    @Override
    int run(ApiClient api) throws ApiException {
        JsonNode answer = api.post(Controllers.path(name, "restart") + "?conventional=" + conventional + "&dropCache="
                + dropCache);
        print(answer, "controller " + name + " serves again: incarnation " + answer.path("incarnationAfter").asText()
                + ", outage " + Text.ms(answer.path("outageMs").asDouble()));
        return 0;
    }
}
