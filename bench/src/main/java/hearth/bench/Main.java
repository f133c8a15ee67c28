package hearth.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `./hearth bench …`.
@Command(
        name = "./hearth bench",
        description = "Measures on this machine and prints medians and spread.",
        subcommands = {RestartBench.class, NfsBench.class},
        mixinStandardHelpOptions = true)
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println("hearth: bench failed: " + e.getMessage());
                    return 1;
                })
                .execute(arguments));
    }
}
