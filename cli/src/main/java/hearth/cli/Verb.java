package hearth.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What all verbs share: which host, and in which form to answer.
abstract class Verb implements Callable<Integer> {
    enum Output {
        text,
        json
    }

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the host's data directory (default: $HEARTH_DATA, else ./hearth-data)")
    private @Nullable Path data;

    @Option(names = "-o", paramLabel = "FORM", defaultValue = "text", description = "text or json (default: text)")
    private Output output = Output.text;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        return run(new ApiClient(dataDirectory()));
    }

    /// Does the verb; the result is the exit code.
    abstract int run(ApiClient api) throws Exception;

    private Path dataDirectory() {
        if (data != null) {
            return data;
        }
        return Path.of(Optional.ofNullable(System.getenv("HEARTH_DATA")).filter(text -> !text.isBlank())
                .orElse("hearth-data"));
    }

    boolean asJson() {
        return output == Output.json;
    }

    /// Prints the answer itself with `-o json`, else the text.
    void print(JsonNode answer, String text) {
        say(asJson() ? ApiClient.pretty(answer) : text);
    }

    void say(String text) {
        if (spec == null) {
            return;
        }
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }
}
