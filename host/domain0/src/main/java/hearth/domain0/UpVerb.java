package hearth.domain0;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import hearth.domain0.config.ConfigException;
import hearth.domain0.config.ConfigReader;
import hearth.domain0.config.HostConfig;
import hearth.domain0.domain.StartException;
import hearth.domain0.event.EventLog;
import hearth.domain0.state.DataDirectory;
import hearth.domain0.state.DataDirectoryException;

@Command(
        name = "up",
        description = {
            "Starts the host and its controllers, and serves until Ctrl-C or ./hearth down.",
            "",
            "Without a file there is one controller 'a': a mirror of two 1 GiB disk files, one volume vol0, exported to"
                    + " this machine. A data directory that was used with a file is used with that file again."
        },
        footer = {
            "",
            "Ctrl-C and SIGTERM stop every controller at a consistency point; a second one ends the host at once.",
            "Exit codes: 0 stopped in order, 1 failed, 2 usage or configuration."
        },
        sortOptions = false)
final class UpVerb implements Callable<Integer> {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    enum Form {
        TEXT,
        JSON
    }

    @Parameters(index = "0", arity = "0..1", paramLabel = "config.yaml", description = "controllers, disks, exports")
    private @Nullable Path file;

    @Option(names = {"-d", "--detach"}, description = "serve in the background; returns when the controllers listen")
    private boolean detach;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where everything is kept (default: $$HEARTH_DATA, else ./hearth-data)")
    private @Nullable Path data;

    @Option(
            names = "--accept-loss",
            description = "go on without a journal that is missing or damaged: what stood only there is lost, and"
                    + " clients are told by a changed write verifier")
    private boolean acceptLoss;

    @Option(names = "-o", paramLabel = "FORM", defaultValue = "text", description = "text or json (default: text)")
    private Form form = Form.TEXT;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    @Option(names = Detached.OPTION, hidden = true)
    private boolean detached;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        var output = new Output(form == Form.JSON, System.out, System.err);
        try {
            if (detach && !detached) {
                return Detached.start(arguments(), output);
            }
            return run(output);
        } catch (ConfigException e) {
            output.complain(String.valueOf(e.getMessage()));
            return USAGE;
        } catch (DataDirectoryException e) {
            output.complain(String.valueOf(e.getMessage()));
            return e.exit();
        } catch (StartException e) {
            output.complain(String.valueOf(e.getMessage()));
            return e.exitCode();
        } catch (IOException e) {
            output.complain(DataDirectory.reason(e));
            return FAILED;
        }
    }

    private List<String> arguments() {
        return spec == null ? List.of() : spec.commandLine().getParent().getParseResult().originalArgs();
    }

    private Path dataDirectory() {
        return Optional.ofNullable(data)
                .orElseGet(() -> Path.of(Optional.ofNullable(System.getenv("HEARTH_DATA"))
                        .filter(text -> !text.isBlank())
                        .orElse("hearth-data")))
                .toAbsolutePath()
                .normalize();
    }

    private int run(Output output)
            throws ConfigException, DataDirectoryException, StartException, IOException, InterruptedException {
        Path root = dataDirectory();
        // Before anything is made: what is wrong in the file shall leave nothing behind.
        Optional<Path> named = Optional.ofNullable(file).map(path -> path.toAbsolutePath().normalize());
        Optional<HostConfig> config = Optional.empty();
        if (named.isPresent()) {
            config = Optional.of(ConfigReader.read(named.get(), root));
        }
        var program = Installation.find();
        try (DataDirectory directory = DataDirectory.lock(root);
                var events = new EventLog(directory.logs().resolve("events.log"))) {
            HostMemo memo = HostMemo.load(directory);
            if (named.isEmpty()) {
                named = memo.lastConfig();
                config = Optional.of(
                        named.isPresent() ? ConfigReader.read(named.get(), root) : HostConfig.defaults(root));
            }
            HostConfig wanted = config.orElseThrow();
            memo.checkNoneIsLeftOut(wanted);
            if (named.isPresent()) {
                memo.differences(wanted).forEach(line -> output.say("WARNING: " + line));
            }
            var session = new UpSession(directory, events, output, detached);
            var keeper = new MemoKeeper(memo.with(named, wanted), directory, events);
            boolean inOrder = session.run(
                    memo.effective(wanted), program, acceptLoss, keeper::save, keeper::volumesChanged);
            return inOrder ? DONE : FAILED;
        }
    }
}
