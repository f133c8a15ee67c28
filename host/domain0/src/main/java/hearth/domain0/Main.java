package hearth.domain0;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Domain 0's program. Exit codes: 0 done, 1 failed, 2 usage or configuration.
@Command(name = "./hearth", subcommands = {UpVerb.class, ConfigVerb.class})
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            failed.getErr().println("hearth: the host met a bug and ends");
            e.printStackTrace(failed.getErr());
            failed.getErr().flush();
            return FAILED;
        });
        System.exit(line.execute(arguments));
    }
}
