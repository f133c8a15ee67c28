package hearth.tidy;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the smaller rules of STYLE.md hold. Method: parsed sources.
class ConventionsTest {
    @Test
    void sourcesKeepTheHouseRules() {
        assertThat(Sources.all()).flatExtracting(Conventions::of).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() {
        assertThat(Conventions.undocumentedPackages(Sources.all())).isEmpty();
    }

    @Test
    void aWildcardImportAndAHandleInAnInstanceFieldAreFound() {
        var sample = Sources.sample("cli/src/main/java/hearth/cli/Sample.java", """
                package hearth.cli;

                import java.lang.invoke.*;

                class Sample {
                    static final VarHandle GOOD = handle();
                    private final VarHandle bad = handle();

                    void method() {
                        VarHandle local = handle();
                    }
                }
                """);
        assertThat(Conventions.of(sample)).hasSize(2)
                .anySatisfy(text -> assertThat(text).contains("imports java.lang.invoke.*"))
                .anySatisfy(text -> assertThat(text).contains("Sample.java:7: bad"));
    }

    @Test
    void aTestThatSleepsIsFound() {
        String call = "Thread." + "sleep(5)";
        var sample = Sources.sample("cli/src/test/java/hearth/cli/SampleTest.java",
                "package hearth.cli;\n\nclass SampleTest {\n    void waits() throws Exception {\n        " + call
                        + ";\n    }\n}\n");
        assertThat(Conventions.of(sample)).singleElement().asString().contains("SampleTest.java:5: a test sleeps");
    }

    @Test
    void aPackageWithoutADescriptionIsFound() {
        var file = Sources.sample("cli/src/main/java/hearth/cli/Sample.java", "package hearth.cli;\nclass Sample {}\n");
        var silent = Sources.sample("cli/src/main/java/hearth/cli/package-info.java", "package hearth.cli;\n");
        var speaking =
                Sources.sample("cli/src/main/java/hearth/cli/package-info.java", "/// Verbs.\npackage hearth.cli;\n");
        assertThat(Conventions.undocumentedPackages(List.of(file))).hasSize(1);
        assertThat(Conventions.undocumentedPackages(List.of(file, silent))).hasSize(1);
        assertThat(Conventions.undocumentedPackages(List.of(file, speaking))).isEmpty();
    }
}
