package hearth.cli;

import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "down", description = "Stops the host at a consistency point: nothing is left to replay.")
final class DownVerb extends Verb {
    private static final int NOT_IN_ORDER = 1;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "how long to wait for the host's end (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Override
    int run(ApiClient api) throws Exception {
        long pid = api.pid();
        // Whether anybody is there: it is not said that a dead host is being stopped.
        api.get("/v1/status");
        if (!asJson()) {
            say("stopping: waiting for a consistency point of every controller …");
        }
        JsonNode answer = api.post("/v1/down");
        if (!asJson()) {
            answer.path("controllers").forEach(one -> say("controller " + one.path("name").asText() + ": "
                    + one.path("result").asText()));
        }
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (HostProcess.runs(pid)) {
            if (System.nanoTime() > deadlineNs) {
                throw new ApiException(
                        1, "the host (process " + pid + ") has not ended within " + timeoutSeconds + " s");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        print(answer, "host stopped");
        for (JsonNode one : answer.path("controllers")) {
            if (!one.path("inOrder").asBoolean(true)) {
                return NOT_IN_ORDER;
            }
        }
        return 0;
    }
}
