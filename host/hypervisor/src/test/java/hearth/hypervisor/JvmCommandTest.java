package hearth.hypervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.posix.ExitStatus;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the line starts a guest from named modules and takes the AOT cache that was recorded for it. Method: a guest
/// program of three modules is compiled, packed, recorded and run by the driver, so under Landlock.
class JvmCommandTest {
    private static final String MAIN = "sample/sample.Main";

    @TempDir
    private static Path dir;

    private static Path program;

    @BeforeAll
    static void buildProgram() throws IOException {
        program = Files.createDirectory(dir.resolve("program"));
        Path contract = TestGuests.PROGRAM.getFirst().getParent().getParent().getParent();
        pack("hearth-base", contract.resolve("base/target/classes"));
        pack("hearth-memory", contract.resolve("memory/target/classes"));
        Path source = Files.createDirectories(dir.resolve("source/sample"));
        Files.writeString(source.resolveSibling("module-info.java"), "module sample { requires hearth.memory; }");
        Files.writeString(source.resolve("Main.java"), """
                package sample;

                public class Main {
                    public static void main(String[] args) {
                        hearth.base.posix.Processes.parentPid();
                        System.out.println("heap " + Runtime.getRuntime().maxMemory() / (1 << 20)
                                + " word " + System.getProperty("word") + " arguments " + args.length);
                    }
                }
                """);
        Path classes = dir.resolve("classes");
        run("javac", "-p", program.toString(), "-d", classes.toString(),
                source.resolveSibling("module-info.java").toString(), source.resolve("Main.java").toString());
        pack("sample", classes);
    }

    private static void pack(String name, Path classes) {
        run("jar", "--create", "--file", program.resolve(name + ".jar").toString(), "-C", classes.toString(), ".");
    }

    private static void run(String tool, String... arguments) {
        int code = ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, arguments);
        assertThat(code).as(tool).isZero();
    }

    @Test
    void recordedCacheIsTakenUnderTheDriver() throws Exception {
        JvmCommand command = new JvmCommand(TestGuests.JAVA_HOME, program, 16, 48);
        ProcessDriver driver = ProcessDriver.open(TestGuests.JAVA_HOME, List.of(program));
        List<String> bare = command.line(MAIN, List.of("word=hearth"), List.of("one", "two"));
        assertThat(bare).noneMatch(argument -> argument.startsWith("-XX:AOTCache"));
        assertThat(output(driver, bare)).doesNotContain("sample.Main source: shared");

        Process recording = new ProcessBuilder(command.recording(MAIN))
                .redirectErrorStream(true).redirectOutput(dir.resolve("recording.log").toFile()).start();
        assertThat(recording.waitFor()).as(() -> "see recording.log").isZero();
        List<String> cached = command.line(MAIN, List.of("word=hearth"), List.of("one", "two"));
        assertThat(cached).contains("-XX:AOTCache=" + program.resolve(JvmCommand.AOT_CACHE));
        assertThat(output(driver, cached))
                .contains("word hearth arguments 2")
                .contains("sample.Main source: shared")
                .contains("hearth.base.posix.SystemCall source: shared")
                .doesNotContain("WARNING").doesNotContain("[warning]");
    }

    private static String output(ProcessDriver driver, List<String> line) throws IOException {
        List<String> logging = new ArrayList<>(line);
        logging.add(1, "-Xlog:class+load");
        Path log = Files.createTempFile(dir, "guest", ".log");
        GuestSpec spec = new GuestSpec("a", 1, logging, log, List.of(program));
        try (Guest guest = driver.start(spec)) {
            ExitStatus status = guest.reap();
            String output = Files.readString(log);
            assertThat(status).as(output).isEqualTo(new ExitStatus.Exited(0));
            return output;
        }
    }

    @Test
    void pathsBecomeAbsoluteBecauseGuestsStartInTheRoot() {
        JvmCommand command = new JvmCommand(Path.of("jdk"), Path.of("dist/../dist/guest"), 1, 1);
        List<String> line = command.line(MAIN, List.of(), List.of());
        assertThat(line.getFirst()).isEqualTo(Path.of("jdk/bin/java").toAbsolutePath().toString());
        assertThat(line).contains(Path.of("dist/guest").toAbsolutePath().toString());
    }

    @Test
    void theYoungGenerationIsASmallPartOfTheHeap() {
        JvmCommand command = new JvmCommand(Path.of("jdk"), Path.of("guest"), 68, 136);
        assertThat(command.line(MAIN, List.of(), List.of())).containsSubsequence("-Xms68m", "-Xmx136m", "-Xmn22m");
    }
}
