package hearth.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: ring, doorbell, cache set, log claim and the log's laps hold between threads. Method: jcstress in JVMs of its
/// own over every class of this package. Not shown: what the machine under it never does. x86-64 keeps loads and
/// stores in order but for a store and a later load; an order that a compiler must not change is tried, one that only
/// another processor would change is not.
class StressTest {
    private static final boolean FULL = Boolean.getBoolean("hearth.full");
    private static final int PLANTED_MS_MAX = 12_000;
    private static final int TIMEOUT_S = FULL ? 3_600 : 300;
    private static final Pattern VERDICT = Pattern.compile("(?m)^\\.+ \\[(\\w+)] hearth\\.stress\\.(\\w+)$");

    @Test
    void noProtocolDoesWhatItForbids() throws Exception {
        // With `--full` also every mix of interpreter and compilers on the two sides.
        var run = FULL ? run(".*Stress", 5, 1_000, true) : run(".*Stress", 2, 400, false);
        assertThat(run.others("OK")).as(run.output).isEmpty();
        assertThat(run.named("OK")).as(run.output).isEqualTo(classes("\\w+Stress"));
    }

    @Test
    void everyPlantedBugIsFound() throws Exception {
        Set<String> missing = classes("Broken\\w+");
        assertThat(missing).hasSizeGreaterThan(4);
        String output = "";
        // On a busy machine two threads meet less often: what was not seen is looked for longer.
        for (int ms = 400; !missing.isEmpty() && ms <= PLANTED_MS_MAX; ms *= 3) {
            var run = run("(" + String.join("|", missing) + ")", 2, ms, false);
            missing.removeAll(run.named("FAILED"));
            output = run.output;
        }
        assertThat(missing).as(output).isEmpty();
    }

    private record Verdicts(String output) {
        Set<String> named(String verdict) {
            var names = new TreeSet<String>();
            VERDICT.matcher(output).results()
                    .filter(match -> match.group(1).equals(verdict))
                    .forEach(match -> names.add(match.group(2)));
            return names;
        }

        List<String> others(String verdict) {
            return VERDICT.matcher(output).results()
                    .filter(match -> !match.group(1).equals(verdict))
                    .map(match -> match.group(2))
                    .toList();
        }
    }

    private static Verdicts run(String names, int iterations, int iterationMs, boolean mixes) throws Exception {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "stress");
        try {
            Path output = folder.resolve("output");
            var command = new ArrayList<>(List.of(
                    System.getProperty("java.home") + "/bin/java", "--enable-native-access=ALL-UNNAMED",
                    "-XX:-UsePerfData", "-cp", classPath(), "org.openjdk.jcstress.Main",
                    "-v", "-t", "hearth\\.stress\\." + names, "-f", "1", "-fsm", "1", "-af", "NONE"));
            command.addAll(List.of(
                    "-iters", Integer.toString(iterations), "-time", Integer.toString(iterationMs),
                    "-sc", Boolean.toString(mixes), "-strideSize", "64", "-strideCount", "16",
                    "-jvmArgs", "--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC"));
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new AssertionError("jcstress did not end: " + Files.readString(output));
            }
            return new Verdicts(Files.readString(output));
        } finally {
            remove(folder);
        }
    }

    /// Without what is not there, at which jcstress stumbles.
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(":"))
                .filter(path -> Files.exists(Path.of(path)))
                .collect(Collectors.joining(":"));
    }

    private static Set<String> classes(String names) throws Exception {
        Path here = Path.of(StressTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.list(here.resolve("hearth/stress"))) {
            var found = new TreeSet<String>();
            files.map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(name -> name.matches(names))
                    .filter(name -> !name.contains("_jcstress"))
                    .forEach(found::add);
            return found;
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
