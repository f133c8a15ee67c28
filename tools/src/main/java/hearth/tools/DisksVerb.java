package hearth.tools;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Option;

/// A verb that opens some files, looks, prints and closes them.
abstract class DisksVerb implements Callable<Integer> {
    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "text", description = "text or json")
    private String format = "text";

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    /// What was named on the command line.
    abstract List<Path> files();

    /// Looks and prints; the exit code.
    abstract int look(List<DiskFile> open) throws IOException, UnusableDisksException;

    @Override
    public final Integer call() throws IOException, UnusableDisksException {
        if (!format.equals("text") && !format.equals("json")) {
            throw new UnusableDisksException("-o takes text or json, not " + format);
        }
        var open = new ArrayList<DiskFile>();
        try {
            for (Path path : files()) {
                open.add(DiskFile.open(path));
            }
            return look(open);
        } finally {
            for (DiskFile disk : open) {
                disk.close();
            }
        }
    }

    boolean isJson() {
        return format.equals("json");
    }

    static ObjectNode newObject() {
        return new ObjectMapper().createObjectNode();
    }

    static void printJson(ObjectNode what, PrintStream to) throws IOException {
        to.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(what));
    }
}
