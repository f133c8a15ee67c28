package hearth.tools;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The verbs that read disks themselves.
@Command(name = "./hearth", subcommands = {VerifyVerb.class, DumpVerb.class}, mixinStandardHelpOptions = true)
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println("hearth: " + e.getMessage());
                    return e instanceof UnusableDisksException ? CommandLine.ExitCode.USAGE : FAILED;
                })
                .execute(arguments));
    }
}
