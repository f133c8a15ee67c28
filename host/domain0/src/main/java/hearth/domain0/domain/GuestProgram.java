package hearth.domain0.domain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import hearth.base.Units;
import hearth.domain0.config.GuestConfig;
import hearth.hypervisor.JvmCommand;

/// What is started as a guest.
public interface GuestProgram {
    /// A system property for benches and tests: more options for guests' JVMs, separated by semicolons.
    String OPTIONS_PROPERTY = "hearth.test.guest-options";

    /// The command line of one start.
    List<String> command(GuestConfig config);

    /// What the program reads besides the JDK, beneath what the driver was opened with.
    List<Path> readOnly();

    private static List<String> testOptions() {
        String options = System.getProperty(OPTIONS_PROPERTY, "").strip();
        return options.isEmpty() ? List.of() : List.of(options.split(";"));
    }

    /// The guest as the build left it in `home`, a distribution folder, on the JDK at `javaHome`.
    static GuestProgram installed(Path home, Path javaHome) {
        Path program = home.resolve("guest");
        var deaths = DeathOrders.fromSystemProperties();
        return new GuestProgram() {
            @Override
            public List<String> command(GuestConfig config) {
                int heapMib = (int) (config.heapBytes() / Units.MIB);
                List<String> line = new ArrayList<>(new JvmCommand(
                                javaHome, program, Math.max(1, heapMib / 2), heapMib)
                        .line("hearth.system/hearth.system.Main", deaths.forNextGuest(), List.of()));
                // Before the main module, so that they win over the options that every guest has.
                line.addAll(line.indexOf("-p"), testOptions());
                return List.copyOf(line);
            }

            @Override
            public List<Path> readOnly() {
                return List.of(program);
            }
        };
    }
}
