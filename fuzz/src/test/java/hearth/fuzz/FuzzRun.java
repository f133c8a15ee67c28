package hearth.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One run of Jazzer over one target, with its bound on heap and time.
///
/// @param found the fuzzer ended with a finding
/// @param output all that it printed
record FuzzRun(boolean found, String output) {
    /// An input that takes longer hangs.
    private static final int INPUT_S = 10;
    private static final int HEAP_MIB = 384;
    private static final int GRACE_S = 120;
    /// What Jazzer and libFuzzer end with when an input failed, took too long or too much memory.
    private static final List<Integer> FINDING = List.of(70, 71, 77);

    /// What Jazzer watches the JDK for: shells, SQL, scripts, paths. Nothing here has them, and each costs time.
    private static final String SANITIZERS = Stream.of(
                    "BigDecimal", "ClojureLangHooks", "Deserialization", "ExpressionLanguageInjection",
                    "FilePathTraversal", "LdapInjection", "NamingContextLookup", "OsCommandInjection",
                    "ReflectiveCall", "RegexInjection", "RegexRoadblocks", "ScriptEngineInjection",
                    "ServerSideRequestForgery", "SqlInjection", "TemplateInjection", "UnsafeSanitizer",
                    "XPathInjection", "XmlParserSsrfGuidance")
            .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
            .collect(Collectors.joining(":"));

    /// Ends with the first finding, else after `seconds`.
    static FuzzRun of(String name, boolean planted, int seconds, long seed) throws Exception {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "fuzz-" + name);
        try {
            Path corpus = Files.createDirectory(folder.resolve("corpus"));
            Target target = Targets.make(name);
            for (byte[] input : target.seeds()) {
                Files.write(corpus.resolve("seed-" + Files.list(corpus).count()), input);
            }
            target.close();
            Path output = folder.resolve("output");
            Process process = new ProcessBuilder(command(name, planted, seconds, seed, target, folder))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(seconds + GRACE_S, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String printed = Files.readString(output);
            int exit = process.exitValue();
            if (!ended || exit != 0 && !FINDING.contains(exit)) {
                throw new AssertionError("exit " + exit + " of the fuzzer for " + name + ":\n" + printed);
            }
            return new FuzzRun(exit != 0, printed);
        } finally {
            remove(folder);
        }
    }

    private static List<String> command(
            String name, boolean planted, int seconds, long seed, Target target, Path folder) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java", "-XX:+EnableDynamicAgentLoading", "-XX:-UsePerfData",
                "-XX:+UseSerialGC", "-Xmx" + HEAP_MIB + "m", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Djava.io.tmpdir=" + folder,
                "-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer"));
        command.addAll(List.of(
                "--target_class=" + FuzzEntry.class.getName(),
                "--target_args=" + name + (planted ? " planted" : ""),
                "--instrumentation_includes=" + target.observed(),
                "--disabled_hooks=" + SANITIZERS,
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_total_time=" + seconds,
                "-timeout=" + INPUT_S,
                "-max_len=" + target.bytesMax(),
                "-use_value_profile=1",
                "-seed=" + (1 + Math.floorMod(seed, Integer.MAX_VALUE - 1L)),
                folder.resolve("corpus").toString()));
        return command;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
