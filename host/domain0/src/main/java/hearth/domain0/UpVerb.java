package hearth.domain0;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import hearth.domain0.config.ConfigException;
import hearth.domain0.config.ConfigReader;
import hearth.domain0.config.HostConfig;
import hearth.domain0.config.Places;
import hearth.domain0.config.ReadConfig;
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

    @Mixin
    private DataOption data = new DataOption();

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
        } catch (ConfigException | DataDirectoryException e) {
            output.complain(String.valueOf(e.getMessage()));
            return USAGE;
        } catch (StartException e) {
            output.complain(String.valueOf(e.getMessage()));
            return e.exitCode();
        } catch (IOException e) {
            String reason = DataDirectory.reason(e);
            output.complain(reason);
            return reason.startsWith(DataDirectory.NO_SPACE) ? USAGE : FAILED;
        }
    }

    private List<String> arguments() {
        return spec == null ? List.of() : spec.commandLine().getParent().getParseResult().originalArgs();
    }

    private int run(Output output)
            throws ConfigException, DataDirectoryException, StartException, IOException, InterruptedException {
        Path root = data.root();
        Optional<Path> named = Optional.ofNullable(file).map(path -> path.toAbsolutePath().normalize());
        Optional<ReadConfig> read = Optional.empty();
        if (named.isPresent()) {
            read = Optional.of(ConfigReader.check(named.get(), root));
            read.get().orThrow();
        }
        var program = Installation.find();
        HostConfig wanted;
        // Before anything is made: what is wrong shall leave nothing behind.
        try (var looked = new Checkup.Looked(DataDirectory.look(root))) {
            HostMemo memo = looked.memo();
            if (named.isEmpty() && memo.lastConfig().isPresent()) {
                named = memo.lastConfig();
                read = Optional.of(ConfigReader.check(named.get(), root));
            }
            wanted = read.isPresent() ? read.get().orThrow() : HostConfig.defaults(root);
            memo.checkNoneIsLeftOut(wanted);
            Places places = read.map(ReadConfig::places).orElse(Places.NONE);
            var checkup = new Checkup(Checkup.world(wanted, places, memo, root, looked.directory(), acceptLoss));
            checkup.throwFirst();
            checkup.problems().forEach(warning -> output.say("WARNING: " + warning.line()));
        }
        try (DataDirectory directory = DataDirectory.lock(root)) {
            HostMemo memo = HostMemo.load(directory);
            try (var events = new EventLog(directory.logs().resolve("events.log"), wanted.logs())) {
                var session = new UpSession(directory, events, output, detached);
                var keeper = new MemoKeeper(memo.with(named, wanted), directory, events);
                boolean inOrder = session.run(
                        memo.effective(wanted), program, acceptLoss, keeper::save, keeper::volumesChanged);
                return inOrder ? DONE : FAILED;
            }
        }
    }
}
