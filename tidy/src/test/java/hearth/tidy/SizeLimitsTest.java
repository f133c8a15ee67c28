package hearth.tidy;

import java.util.Collections;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: files, methods and lines stay small. Method: counting, methods by the compiler's own tree.
class SizeLimitsTest {
    private static final String PATH = "cli/src/main/java/hearth/cli/Sample.java";

    @Test
    void noFileMethodOrLineIsTooLong() {
        assertThat(Sources.all()).flatExtracting(SizeLimits::of).isEmpty();
    }

    @Test
    void theLauncherIsNotTooLong() {
        var lines = Sources.read(Sources.root().resolve("hearth")).lines().toList();
        assertThat(SizeLimits.ofText("hearth", lines)).isEmpty();
    }

    @Test
    void aMethodOfSixtyOneLinesIsFoundAndOneOfSixtyIsNot() {
        assertThat(SizeLimits.of(Sources.sample(PATH, methodOfLines(60)))).isEmpty();
        assertThat(SizeLimits.of(Sources.sample(PATH, methodOfLines(61)))).singleElement().asString()
                .contains("Sample.java:4: big has 61 lines");
    }

    @Test
    void aFileOfSixHundredAndOneLinesIsFound() {
        String text = "package hearth.cli;\n" + "// line\n".repeat(600);
        assertThat(SizeLimits.of(Sources.sample(PATH, text))).singleElement().asString().contains("601 lines");
    }

    @Test
    void aLineOfAHundredAndTwentyOneCharactersIsFound() {
        String text = "package hearth.cli;\n//" + "ü".repeat(118) + "\n//" + "ü".repeat(119) + "\n";
        assertThat(SizeLimits.of(Sources.sample(PATH, text))).singleElement().asString().contains("Sample.java:3:");
    }

    private static String methodOfLines(int count) {
        String body = String.join("\n", Collections.nCopies(count - 3, "        work();"));
        return "package hearth.cli;\n\nclass Sample {\n    @Deprecated\n    void big() {\n" + body + "\n    }\n}\n";
    }
}
