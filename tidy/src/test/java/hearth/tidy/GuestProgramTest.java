package hearth.tidy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: a guest runs on the JDK alone, for each jar more costs restart time. Method: what the launcher built, and the
/// modules' poms.
class GuestProgramTest {
    private static final Pattern GUEST_FILE =
            Pattern.compile("hearth-(base|memory|cf|checkpoint|nmodule|dmodule|system)\\.jar|hearth\\.aot");
    private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>(.*?)</dependency>");
    private static final Pattern IDENTITY = Pattern.compile("(?s)IDENTITY = List\\.of\\((.*?)\\);");
    private static final Pattern STRING = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern HARMLESS_SCOPE = Pattern.compile("<scope>(test|provided)</scope>");

    @Test
    void theBuiltGuestHoldsNoOtherJar() {
        Path guest = Sources.root().resolve("target/dist/guest");
        assumeTrue(Files.isDirectory(guest), "nothing built yet: ./hearth build");
        assertThat(strangers(Sources.filesBelow(guest))).isEmpty();
    }

    @Test
    void theBuiltHostHoldsNoGuest() {
        Path host = Sources.root().resolve("target/dist/host");
        assumeTrue(Files.isDirectory(host), "nothing built yet: ./hearth build");
        assertThat(Sources.filesBelow(host)).extracting(path -> path.getFileName().toString())
                .noneMatch(name -> name.matches("hearth-(cf|checkpoint|nmodule|dmodule|system)\\.jar"))
                .anyMatch(name -> name.startsWith("jackson-databind"));
    }

    @Test
    void noPomOfAGuestModuleNamesALibrary() {
        assertThat(Sources.moduleFolders())
                .filteredOn(folder -> folder.startsWith("guest/") || folder.startsWith("contract/"))
                .hasSizeGreaterThan(6)
                .flatExtracting(folder -> libraries(Sources.read(Sources.root().resolve(folder + "/pom.xml"))))
                .isEmpty();
    }

    @Test
    void theLauncherRecordsTheAotCacheWithTheFlagsThatGuestsRunWith() {
        String command = Sources.read(Sources.root().resolve(
                "host/hypervisor/src/main/java/hearth/hypervisor/JvmCommand.java"));
        List<String> flags = recordedFlags(command);
        assertThat(flags).hasSizeGreaterThan(2);
        assertThat(flags).allSatisfy(flag -> assertThat(rehearsal()).contains(flag));
    }

    @Test
    void aFlagThatTheLauncherForgotIsFound() {
        var flags = recordedFlags("private static final List<String> IDENTITY = List.of(\"-XX:+A\",\n    \"--b=c\");");
        assertThat(flags).containsExactly("-XX:+A", "--b=c");
        assertThat(flags).noneMatch(flag -> rehearsal().contains(flag));
    }

    @Test
    void aStrangeJarAndALibraryInAPomAreFound() {
        assertThat(strangers(List.of(Path.of("guest/hearth-cf.jar"), Path.of("guest/netty-all.jar"))))
                .containsExactly("netty-all.jar");
        assertThat(libraries("""
                <dependency><groupId>hearth</groupId><artifactId>hearth-cf</artifactId></dependency>
                <dependency><groupId>org.x</groupId><artifactId>x</artifactId><scope>test</scope></dependency>
                <dependency><groupId>io.netty</groupId><artifactId>netty-all</artifactId></dependency>
                """)).hasSize(1).first().asString().contains("netty-all");
    }

    /// The flags in `JvmCommand` that an AOT cache must have been recorded with.
    private static List<String> recordedFlags(String command) {
        Matcher list = IDENTITY.matcher(command);
        assertThat(list.find()).as("JvmCommand has a list IDENTITY").isTrue();
        return STRING.matcher(list.group(1)).results().map(match -> match.group(1)).toList();
    }

    /// The launcher's function that records the cache.
    private static String rehearsal() {
        String launcher = Sources.read(Sources.root().resolve("hearth"));
        int begin = launcher.indexOf("\nrehearse() {");
        assertThat(begin).isPositive();
        return launcher.substring(begin, launcher.indexOf("\n}\n", begin));
    }

    private static List<String> strangers(List<Path> files) {
        return files.stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> !GUEST_FILE.matcher(name).matches())
                .toList();
    }

    private static List<String> libraries(String pom) {
        return DEPENDENCY.matcher(pom).results()
                .map(match -> match.group(1))
                .filter(text -> !text.contains("<groupId>hearth</groupId>") && !HARMLESS_SCOPE.matcher(text).find())
                .toList();
    }
}
