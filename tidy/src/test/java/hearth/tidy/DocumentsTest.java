package hearth.tidy;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the documents name what is there. Method: their links, classes and tests against the sources.
class DocumentsTest {
    private static final SourceFile SAMPLE = Sources.sample("cli/src/test/java/hearth/cli/SampleTest.java", """
            package hearth.cli;

            class SampleTest {
                void itWorks() {}
            }
            """);

    @Test
    void noLinkLeadsNowhere() {
        assertThat(Documents.all()).hasSizeGreaterThan(10).allSatisfy(
                path -> assertThat(Documents.deadLinks(path.getParent(), Sources.read(path))).as("%s", path).isEmpty());
    }

    @Test
    void theGlossaryNamesClassesThatExist() {
        assertThat(Documents.unknownNames(text("docs/glossary.md"), Sources.all())).isEmpty();
    }

    @Test
    void everyLayoutStandsOnAPageOfFormats() {
        assertThat(Documents.unnamedLayouts(textBelow("docs/formats"), Sources.all())).isEmpty();
    }

    @Test
    void everyTestThatThePromisesNameExists() {
        assertThat(Documents.unknownTests(text("SPECIFICATION.md"), Sources.all())).isEmpty();
    }

    @Test
    void everyDependencyIsADecision() {
        String decisions = textBelow("docs/decisions");
        assertThat(Documents.undecided(text("pom.xml"), decisions)).isEmpty();
        assertThat(Sources.moduleFolders())
                .flatExtracting(folder -> Documents.undecided(text(folder + "/pom.xml"), decisions)).isEmpty();
    }

    @Test
    void whatIsNotThereIsFound() {
        var files = List.of(SAMPLE);
        assertThat(Documents.deadLinks(Sources.root(), "[a](README.md) [b](docs/nothing.md) [c](https://example.org)"))
                .containsExactly("docs/nothing.md");
        assertThat(Documents.unknownNames("| a | `SampleTest`, `Gone` |\n| b | `hearth.cli`, `hearth.gone` |", files))
                .containsExactly("Gone", "hearth.gone");
        assertThat(Documents.unknownTests("SampleTest, SampleTest.itWorks, SampleTest.gone, GoneTest", files))
                .containsExactly("SampleTest.gone", "GoneTest");
        assertThat(Documents.undecided(
                "<dependency><groupId>g</groupId><artifactId>new-one</artifactId></dependency>", "old-one"))
                .containsExactly("new-one");
        var layout = Sources.sample("cli/src/main/java/hearth/cli/RowLayout.java", "class RowLayout {}\n");
        assertThat(Documents.unnamedLayouts("`OtherLayout`", List.of(layout))).containsExactly("RowLayout");
    }

    private static String text(String path) {
        return Sources.read(Sources.root().resolve(path));
    }

    private static String textBelow(String folder) {
        return Sources.filesBelow(Sources.root().resolve(folder)).stream()
                .map(Sources::read).collect(Collectors.joining("\n"));
    }
}
