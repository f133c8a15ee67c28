package hearth.hypervisor;

import java.nio.file.Path;
import java.util.List;

import hearth.base.Check;

/// What to start.
///
/// @param domain the administrator's name of the domain, for messages
/// @param incarnation the number of this start
/// @param command the program's absolute path and its arguments, see `JvmCommand`
/// @param errorLog the file to which the guest's output is appended; created when absent
/// @param readOnly what the guest reads besides the JDK: each must lie beneath a path that the driver was opened with
public record GuestSpec(String domain, long incarnation, List<String> command, Path errorLog, List<Path> readOnly) {
    public GuestSpec {
        command = List.copyOf(command);
        readOnly = List.copyOf(readOnly);
        Check.that(!command.isEmpty() && command.getFirst().startsWith("/"), "a guest's program is an absolute path");
    }
}
