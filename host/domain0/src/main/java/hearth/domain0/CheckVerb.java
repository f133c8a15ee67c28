package hearth.domain0;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import hearth.domain0.config.ConfigException;
import hearth.domain0.config.Places;
import hearth.domain0.state.DataDirectory;
import hearth.domain0.state.DataDirectoryException;

@Command(
        name = "check",
        description = {
            "Says what up would say to a file, and changes nothing.",
            "",
            "Every mistake in the file, and what can be seen without a host: folders, disks and their labels, journals,"
                    + " ports, memory, free space. One line each."
        },
        footer = {"", "Exit codes: 0 a host would start (there may be warnings), 1 failed, 2 it would not."},
        sortOptions = false)
final class CheckVerb implements Callable<Integer> {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG = 2;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Comparator<Checkup.Problem> BY_PLACE = Comparator.comparing(
            Checkup.Problem::place, Comparator.comparingInt(Places.Place::line).thenComparing(Places.Place::key));

    @Parameters(index = "0", paramLabel = "FILE", description = "controllers, disks, exports")
    private Path file = Path.of("");

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "-o", paramLabel = "FORM", defaultValue = "text", description = "text or json (default: text)")
    private UpVerb.Form form = UpVerb.Form.TEXT;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        Path path = file.toAbsolutePath().normalize();
        String note = "";
        List<Checkup.Problem> problems;
        try {
            try {
                problems = Checkup.of(path, data.root()).problems();
            } catch (DataDirectoryException e) {
                // A host that runs has the disks, the ports and the memory itself.
                problems = Checkup.ofFile(path, data.root()).problems();
                if (!e.isInUse()) {
                    throw e;
                }
                note = e.getMessage() + " to have disks, journals, ports and memory looked at as well";
            }
        } catch (ConfigException | DataDirectoryException e) {
            problems = List.of(new Checkup.Problem(Places.NONE.of(""), String.valueOf(e.getMessage()), true));
        } catch (IOException e) {
            new Output(false, System.out, System.err).complain(DataDirectory.reason(e));
            return FAILED;
        }
        List<Checkup.Problem> sorted = problems.stream()
                .sorted(BY_PLACE)
                .toList();
        boolean wrong = sorted.stream().anyMatch(Checkup.Problem::error);
        if (form == UpVerb.Form.JSON) {
            System.out.println(json(path, sorted, note));
        } else {
            text(path, sorted, note, wrong);
        }
        return wrong ? WRONG : DONE;
    }

    private static void text(Path path, List<Checkup.Problem> problems, String note, boolean wrong) {
        for (Checkup.Problem problem : problems) {
            System.out.println((problem.error() ? "" : "WARNING: ") + problem.line());
        }
        if (!note.isEmpty()) {
            System.out.println("not looked at: " + note);
        }
        if (!wrong) {
            System.out.println(path + ": no mistake found");
        }
    }

    private static String json(Path path, List<Checkup.Problem> problems, String note) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("file", path.toString());
        ArrayNode list = answer.putArray("problems");
        for (Checkup.Problem problem : problems) {
            list.addObject()
                    .put("severity", problem.error() ? "error" : "warning")
                    .put("line", problem.place().line())
                    .put("key", problem.place().key())
                    .put("text", problem.line());
        }
        answer.put("notLookedAt", note);
        return JSON.writeValueAsString(answer);
    }
}
