package hearth.domain0;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.domain0.config.ConfigException;
import hearth.domain0.config.ConfigReader;
import hearth.domain0.config.HostConfig;
import hearth.domain0.state.DataDirectory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: what was made stays as it was made, and a configuration that says something else is noticed. Method: real
/// files, read again as by the next start.
class HostMemoTest {
    @TempDir
    Path folder;

    private DataDirectory directory;

    @BeforeEach
    void take() throws Exception {
        directory = DataDirectory.lock(folder.resolve("data"));
    }

    @AfterEach
    void give() throws Exception {
        directory.close();
    }

    private HostConfig config(String name, String squash) throws Exception {
        Path file = folder.resolve("host.yaml");
        Files.writeString(file, """
                controllers:
                  - name: %s
                    listen: [{address: 10.0.0.1, port: 2049}]
                    exports: [{volume: vol0, clients: [10.0.0.0/8], squash: %s}]
                """.formatted(name, squash));
        return ConfigReader.read(file, directory.root());
    }

    @Test
    void theFirstStartRemembersNothing() throws Exception {
        HostMemo memo = HostMemo.load(directory);
        assertThat(memo).isEqualTo(HostMemo.NONE);
        assertThat(memo.lastConfig()).isEmpty();
        assertThat(memo.differences(config("a", "all"))).isEmpty();
        assertThat(memo.effective(config("a", "all"))).isEqualTo(config("a", "all"));
    }

    @Test
    void theNextStartFindsTheFileAndWhatTheDisksWereMadeWith() throws Exception {
        HostConfig made = config("a", "all");
        Path file = folder.resolve("host.yaml");
        HostMemo.NONE.with(Optional.of(file), made).save(directory);
        HostMemo memo = HostMemo.load(directory);
        assertThat(memo.lastConfig()).contains(file);
        assertThat(memo.differences(made)).isEmpty();

        HostConfig changed = config("a", "none");
        assertThat(memo.differences(changed)).singleElement().asString()
                .contains("controller a", "/vol0 of vol0, RW, squash ALL, for 10.0.0.0/8");
        assertThat(memo.effective(changed)).as("the disks' own exports, everything else as it says now")
                .isEqualTo(made);
        memo.with(Optional.of(file), changed).save(directory);
        assertThat(HostMemo.load(directory).effective(changed)).isEqualTo(made);
    }

    @Test
    void aFileThatIsGoneIsMissedByName() throws Exception {
        HostMemo.NONE.with(Optional.of(folder.resolve("gone.yaml")), config("a", "all")).save(directory);
        HostMemo memo = HostMemo.load(directory);
        assertThatThrownBy(memo::lastConfig)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(folder.resolve("gone.yaml") + ": there is no such file");
    }

    @Test
    void aControllerThatIsLeftOutIsNamed() throws Exception {
        HostMemo.NONE.with(Optional.empty(), config("a", "all")).save(directory);
        HostMemo memo = HostMemo.load(directory);
        assertThatThrownBy(() -> memo.checkNoneIsLeftOut(config("b", "all")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the disks of controller a");
        memo.checkNoneIsLeftOut(config("a", "none"));
    }

    @Test
    void damageIsSaidWithTheFilesName() throws Exception {
        for (String bytes : List.of("{", "{\"controllers\":{\"a\":{\"volumes\":3}}}")) {
            directory.writeState("host.json", bytes.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> HostMemo.load(directory))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("state/host.json is damaged");
        }
    }
}
