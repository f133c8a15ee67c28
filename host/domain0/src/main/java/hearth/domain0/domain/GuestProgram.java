package hearth.domain0.domain;

import java.nio.file.Path;
import java.util.List;

import hearth.base.Units;
import hearth.domain0.config.GuestConfig;
import hearth.hypervisor.JvmCommand;

/// What is started as a guest.
public interface GuestProgram {
    /// The command line of one start.
    List<String> command(GuestConfig config);

    /// What the program reads besides the JDK, beneath what the driver was opened with.
    List<Path> readOnly();

    /// The guest as the build left it in `home`, a distribution folder, on the JDK at `javaHome`.
    static GuestProgram installed(Path home, Path javaHome) {
        Path program = home.resolve("guest");
        var deaths = DeathOrders.fromSystemProperties();
        return new GuestProgram() {
            @Override
            public List<String> command(GuestConfig config) {
                int heapMib = (int) (config.heapBytes() / Units.MIB);
                return new JvmCommand(javaHome, program, Math.max(1, heapMib / 2), heapMib)
                        .line("hearth.system/hearth.system.Main", deaths.forNextGuest(), List.of());
            }

            @Override
            public List<Path> readOnly() {
                return List.of(program);
            }
        };
    }
}
