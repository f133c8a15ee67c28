package hearth.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: no bytes from outside make a decoder throw what it does not declare, hang, take memory without bound or break
/// what a target states. Method: Jazzer, guided by what an input reaches, for a few seconds each (`--full`: minutes;
/// the property `hearth.fuzz.seconds` says how many); what it once found is tried first.
class FuzzTest {
    private static final int SECONDS =
            Integer.getInteger("hearth.fuzz.seconds", Boolean.getBoolean("hearth.full") ? 120 : 4);
    private static final int PLANTED_SECONDS = 120;
    private static final long SEED = Long.getLong("hearth.seed", 1);
    private static final Path FINDINGS = Path.of("src/test/resources/findings");

    static List<String> names() {
        return Targets.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void seedsAndEarlierFindingsPass(String name) throws Exception {
        Target target = Targets.make(name);
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).isNotEmpty();
        for (byte[] seed : seeds) {
            target.accept(seed);
            target.acceptPlanted(seed);
        }
        target.accept(new byte[0]);
        for (Path finding : findings(name)) {
            target.accept(Files.readAllBytes(finding));
        }
        target.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void nothingIsFound(String name) throws Exception {
        FuzzRun run = FuzzRun.of(name, false, SECONDS, SEED);
        assertThat(run.found())
                .as("a finding; keep its input in fuzz/%s/%s%n%s", FINDINGS, name, run.output()).isFalse();
        assertThat(run.output()).contains("Done ");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void thePlantedBugIsFound(String name) throws Exception {
        FuzzRun run = FuzzRun.of(name, true, PLANTED_SECONDS, SEED);
        assertThat(run.found()).as(run.output()).isTrue();
        assertThat(run.output()).contains("Java Exception: " + PlantedBug.class.getName());
    }

    private static List<Path> findings(String name) throws Exception {
        Path folder = FINDINGS.resolve(name);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
