package hearth.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The verbs that need a running host. Exit codes: 0 done, 1 failed, 2 usage, 3 host not running.
@Command(
        name = "./hearth",
        subcommands = {
            StatusVerb.class,
            TimelineVerb.class,
            EventsVerb.class,
            RestartVerb.class,
            KillVerb.class,
            DownVerb.class,
            VolumeVerb.class,
            ExportVerb.class,
            DiskVerb.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((e, line, parsed) -> {
            line.getErr().println("hearth: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            line.getErr().flush();
            return e instanceof ApiException api ? api.exit() : 1;
        });
    }
}
