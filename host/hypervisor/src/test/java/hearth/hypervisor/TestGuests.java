package hearth.hypervisor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import hearth.base.posix.Sockets;

/// How tests start a `TestGuest`.
final class TestGuests {
    static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    /// The folders of classes that a guest is made of.
    static final List<Path> PROGRAM = List.of(
            classes("contract/base", "classes"),
            classes("host/hypervisor", "classes"),
            classes("host/hypervisor", "test-classes"));

    private TestGuests() {}

    private static Path classes(String module, String kind) {
        Path here = Path.of("").toAbsolutePath();
        Path root = here.endsWith("hypervisor") ? here.getParent().getParent() : here;
        return root.resolve(module).resolve("target").resolve(kind);
    }

    static List<String> java(Class<?> main, String... arguments) {
        String path = PROGRAM.stream().map(Path::toString).collect(Collectors.joining(":"));
        List<String> command = new ArrayList<>(List.of(JAVA_HOME + "/bin/java", "-XX:-UsePerfData",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-XX:-UseContainerSupport",
                "-XX:+ErrorFileToStderr", "--enable-native-access=ALL-UNNAMED", "-cp", path, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    static GuestSpec spec(Path errorLog, int port) {
        String parent = Long.toString(ProcessHandle.current().pid());
        List<String> command =
                java(TestGuest.class, parent, Integer.toString(port), PROGRAM.getFirst().toString());
        return new GuestSpec("a", 1, command, errorLog, PROGRAM);
    }

    /// The guest's report, one attempt a line; empty when the guest ended without one.
    static List<String> report(Guest guest) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(8192);
            int length = Sockets.receive(guest.channel(), buffer, 0).length();
            byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }
}
