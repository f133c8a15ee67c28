package hearth.tidy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: no upward arrow inside the D-module. Method: imports against one table.
class PackageArrowsTest {
    @Test
    void noPackageOfTheDmoduleLooksUp() {
        assertThat(Sources.all()).flatExtracting(PackageArrows::of).isEmpty();
    }

    @Test
    void raidThatKnowsTheFileSystemIsFound() {
        var sample = Sources.sample("guest/dmodule/src/main/java/hearth/dmodule/raid/Sample.java", """
                package hearth.dmodule.raid;

                import hearth.dmodule.disk.DiskFrontEnd;
                import hearth.dmodule.filesystem.Inode;

                class Sample {}
                """);
        assertThat(PackageArrows.of(sample)).singleElement().asString().contains("raid must not know filesystem");
    }

    @Test
    void aPackageOutsideTheTableIsFound() {
        var sample = Sources.sample("guest/dmodule/src/main/java/hearth/dmodule/misc/Sample.java", """
                package hearth.dmodule.misc;

                import hearth.dmodule.disk.DiskFrontEnd;

                class Sample {}
                """);
        assertThat(PackageArrows.of(sample)).singleElement().asString().contains("misc is not in the table");
    }
}
