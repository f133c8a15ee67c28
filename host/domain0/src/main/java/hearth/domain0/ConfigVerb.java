package hearth.domain0;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "config",
        description = "Looks at a configuration.",
        subcommands = CheckVerb.class)
final class ConfigVerb {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;
}
