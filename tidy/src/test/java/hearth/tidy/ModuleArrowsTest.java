package hearth.tidy;

import java.nio.file.Files;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the machine's picture stays the picture. Method: descriptors and imports against one table.
class ModuleArrowsTest {
    @Test
    void noModuleRequiresWhatItMustNotKnow() {
        List<SourceFile> descriptors =
                Sources.all().stream().filter(file -> file.path().endsWith("module-info.java")).toList();
        assertThat(descriptors).hasSizeGreaterThan(8);
        assertThat(descriptors).flatExtracting(ModuleArrows::ofDescriptor).isEmpty();
    }

    @Test
    void noFileImportsWhatItsModuleMustNotKnow() {
        assertThat(Sources.all()).flatExtracting(ModuleArrows::ofImports).isEmpty();
    }

    @Test
    void everyModuleWithClassesHasADescriptorUnlessItIsTestsOnly() {
        assertThat(Sources.moduleFolders())
                .filteredOn(folder -> !Sources.filesBelow(Sources.root().resolve(folder + "/src/main/java")).isEmpty())
                .allSatisfy(folder -> assertThat(Sources.root().resolve(folder + "/src/main/java/module-info.java"))
                        .matches(Files::exists));
    }

    @Test
    void aGuestThatRequiresTheHostIsFound() {
        var sample = Sources.sample("guest/system/src/main/java/module-info.java", """
                module hearth.system {
                    requires transitive hearth.domain0;
                }
                """);
        assertThat(ModuleArrows.ofDescriptor(sample))
                .singleElement().asString().contains("must not know hearth.domain0");
    }

    @Test
    void aThirdPartyLibraryInAGuestIsFoundAndACompileTimeOneIsNot() {
        var sample = Sources.sample("guest/cf/src/main/java/module-info.java", """
                module hearth.cf {
                    requires static org.jspecify;
                    requires java.logging;
                    requires io.netty.common;
                }
                """);
        assertThat(ModuleArrows.ofDescriptor(sample)).singleElement().asString().contains("requires io.netty.common");
    }

    @Test
    void theShortCutFromNmoduleToDmoduleIsFound() {
        var sample = Sources.sample("guest/nmodule/src/test/java/hearth/nmodule/nfs/SampleTest.java", """
                package hearth.nmodule.nfs;

                import hearth.cf.Lpc;
                import hearth.dmodule.filesystem.FileSystem;

                class SampleTest {}
                """);
        assertThat(ModuleArrows.ofImports(sample)).singleElement().asString().contains("must not know hearth.dmodule");
    }

    @Test
    void aModuleThatTheTableDoesNotHaveIsFound() {
        var sample = Sources.sample("workshop/src/main/java/hearth/workshop/Dump.java", """
                package hearth.workshop;

                import hearth.memory.Region;

                class Dump {}
                """);
        assertThat(ModuleArrows.ofImports(sample)).singleElement().asString().contains("not in the table");
    }
}
