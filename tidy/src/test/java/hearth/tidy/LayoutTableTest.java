package hearth.tidy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the tables that describe bytes tell the truth. Method: doc comments against the constants in the class files.
class LayoutTableTest {
    private static final Map<String, Long> CONSTANTS =
            Map.of("MAGIC_OFFSET", 0L, "LENGTH_OFFSET", 8L, "BODY_OFFSET", 16L, "BODY_SIZE", 48L, "VERSION", 1L);

    @Test
    void everyLayoutClassAgreesWithItsTable() {
        assertThat(Sources.all())
                .flatExtracting(file -> LayoutTable.of(file, type -> LayoutTable.constants(classFile(file, type))))
                .isEmpty();
    }

    @Test
    void aTrueTableIsAccepted() {
        assertThat(judge("""
                | OFFSET | SIZE | NAME   | DESCRIPTION |
                |-------:|-----:|--------|-------------|
                | 0      | 8    | MAGIC  | "HEARTH"    |
                | 8      | 4    | LENGTH | in bytes    |
                | 12     | 4    | -      | reserved    |
                | 16     | 48   | BODY   | the rest    |
                """)).isEmpty();
    }

    @Test
    void aWrongOffsetIsFound() {
        assertThat(judge("""
                | OFFSET | SIZE | NAME   | DESCRIPTION |
                | 0      | 8    | MAGIC  | "HEARTH"    |
                | 8      | 4    | LENGTH | in bytes    |
                | 12     | 48   | BODY   | the rest    |
                """)).singleElement().asString().contains("BODY is at 16 in the code, at 12 in the table");
    }

    @Test
    void aGapAWrongSizeAMissingRowAndAMissingConstantAreFound() {
        assertThat(judge("""
                | OFFSET | SIZE | NAME   | DESCRIPTION |
                | 0      | 8    | MAGIC  | "HEARTH"    |
                | 16     | 40   | BODY   | the rest    |
                | 56     | n    | TAIL   | more        |
                """)).satisfiesExactlyInAnyOrder(
                text -> assertThat(text).contains("BODY begins at 16, the row before it ends at 8"),
                text -> assertThat(text).contains("BODY_SIZE is 48 in the code, 40 in the table"),
                text -> assertThat(text).contains("no compile-time constant TAIL_OFFSET"),
                text -> assertThat(text).contains("LENGTH_OFFSET is in no table"));
    }

    @Test
    void aClassWithoutATableOrWithOtherColumnsIsFound() {
        assertThat(judge("Only words.\n")).singleElement().asString().contains("no table");
        assertThat(judge("| OFFSET | SIZE | DESCRIPTION |\n| 0 | 8 | magic |\n"))
                .singleElement().asString().contains("columns are not");
    }

    @Test
    void aTableThatEndsBeforeTheStructureDoesIsFound() {
        Map<String, Long> constants = Map.of("MAGIC_OFFSET", 0L, "SIZE", 64L);
        assertThat(judge("""
                | OFFSET | SIZE | NAME  | DESCRIPTION |
                | 0      | 8    | MAGIC | "HEARTH"    |
                | 8      | 48   | -     | zero        |
                """, constants)).singleElement().asString().contains("SIZE is 64 in the code, the table ends at 56");
    }

    private static List<String> judge(String doc) {
        return judge(doc, CONSTANTS);
    }

    private static List<String> judge(String doc, Map<String, Long> constants) {
        var text = new StringBuilder("package hearth.memory;\n\n");
        doc.lines().forEach(line -> text.append("/// ").append(line).append('\n'));
        text.append("final class SampleLayout {}\n");
        var sample = Sources.sample("contract/memory/src/main/java/hearth/memory/SampleLayout.java", text.toString());
        return LayoutTable.of(sample, _ -> constants);
    }

    private static Path classFile(SourceFile file, String type) {
        String module = file.path().substring(0, file.path().indexOf("/src/"));
        Path path = Sources.root().resolve(module).resolve("target/classes")
                .resolve(file.packageName().replace('.', '/')).resolve(type + ".class");
        assertThat(path).matches(Files::exists, "is compiled");
        return path;
    }
}
