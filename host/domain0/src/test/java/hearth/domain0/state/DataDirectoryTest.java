package hearth.domain0.state;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: one host per directory, leftovers of a dead one gone, state files whole whatever happens. Method: real
/// folders; a dead host is a process that was killed with the lock in its hand.
class DataDirectoryTest {
    @TempDir
    Path folder;

    @Test
    void aSecondHostIsRefusedWithPidAndAddressUntilTheFirstIsGone() throws Exception {
        Path root = folder.resolve("new/data");
        try (DataDirectory first = DataDirectory.lock(root)) {
            first.writeRun("api.json", "{\"url\":\"http://127.0.0.1:4711\"}".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> DataDirectory.lock(root))
                    .isInstanceOfSatisfying(DataDirectoryException.class, e -> assertThat(e.isInUse()).isTrue())
                    .hasMessage(root + " is in use by the host with process id "
                            + ProcessHandle.current().pid()
                            + " at http://127.0.0.1:4711; stop it with: ./hearth down --data " + root);
            assertThat(first.run().resolve("api.json")).as("the first one's files are untouched").exists();
        }
        try (DataDirectory second = DataDirectory.lock(root)) {
            assertThat(second.predecessor()).isEmpty();
        }
    }

    @Test
    void whatADeadHostLeftIsRemoved() throws Exception {
        Path root = folder.resolve("data");
        Process host = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        everything(),
                        Holder.class.getName(),
                        root.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(host.inputReader().readLine()).isEqualTo("held");
            assertThatThrownBy(() -> DataDirectory.lock(root)).hasMessageContaining("process id " + host.pid());
        } finally {
            host.destroyForcibly().waitFor();
        }
        try (DataDirectory next = DataDirectory.lock(root)) {
            assertThat(next.predecessor()).contains(Long.toString(host.pid()));
            assertThat(next.run()).isEmptyDirectory();
            assertThat(root.resolve("state")).isEmptyDirectory();
        }
    }

    /// All that this test sees, as one class path: tests run within their module or without any.
    private static String everything() {
        return Stream.of("java.class.path", "jdk.module.path")
                        .map(System::getProperty)
                        .filter(path -> path != null && !path.isEmpty())
                        .collect(Collectors.joining(File.pathSeparator))
                + File.pathSeparator + Path.of("target", "test-classes").toAbsolutePath();
    }

    /// A host that holds its directory until it is killed.
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            DataDirectory held = DataDirectory.lock(Path.of(arguments[0]));
            held.writeRun("token", new byte[1]);
            Files.createFile(held.root().resolve("state").resolve("ports.json.new"));
            System.out.println("held");
            while (true) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aStateFileIsTheOldOneOrTheNewOneAtEveryMoment() throws Exception {
        try (DataDirectory directory = DataDirectory.lock(folder)) {
            byte[] a = "a".repeat(20_000).getBytes(StandardCharsets.UTF_8);
            byte[] b = "b".repeat(30_000).getBytes(StandardCharsets.UTF_8);
            directory.writeState("file", a);
            var done = new AtomicBoolean();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 200; i++) {
                        directory.writeState("file", i % 2 == 0 ? b : a);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                } finally {
                    done.set(true);
                }
            });
            while (!done.get()) {
                assertThat(directory.readState("file").orElseThrow()).satisfiesAnyOf(
                        bytes -> assertThat(bytes).isEqualTo(a), bytes -> assertThat(bytes).isEqualTo(b));
            }
            writer.join();
            assertThat(directory.readState("file").orElseThrow()).isEqualTo(a);
            assertThat(directory.readState("another")).isEmpty();
        }
    }

    @Test
    void aHalfWrittenFileNeverReplacesTheOldOne() throws Exception {
        try (DataDirectory directory = DataDirectory.lock(folder)) {
            directory.writeState("file", new byte[] {1});
            Files.write(folder.resolve("state/file.new"), new byte[] {2, 3});
            assertThat(directory.readState("file").orElseThrow()).containsExactly(1);
        }
        try (DataDirectory directory = DataDirectory.lock(folder)) {
            assertThat(directory.readState("file").orElseThrow()).containsExactly(1);
            directory.writeState("file", new byte[] {4});
            assertThat(directory.readState("file").orElseThrow()).containsExactly(4);
        }
    }

    @Test
    void whatIsMadeIsItsOwnersAlone() throws Exception {
        Path root = folder.resolve("data");
        try (DataDirectory directory = DataDirectory.lock(root)) {
            directory.writeRun("token", new byte[1]);
            directory.writeState("file", new byte[1]);
            for (Path file : List.of(directory.run().resolve("token"), root.resolve("state/file"))) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            }
            for (Path made : List.of(root, directory.run(), directory.disks())) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made))).isEqualTo("rwx------");
            }
        }
    }

    @Test
    void aFileInTheWayIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.lock(file))
                .isInstanceOfSatisfying(DataDirectoryException.class, e -> assertThat(e.isInUse()).isFalse())
                .hasMessageContaining("Not a directory: " + file);
        assertThatThrownBy(() -> DataDirectory.lock(file.resolve("below"))).hasMessageContaining("cannot be used");
        Files.createFile(folder.resolve("disks"));
        assertThatThrownBy(() -> DataDirectory.lock(folder))
                .hasMessageContaining(folder.resolve("disks") + " is in the way");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsSaid() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self")));
        assertThatThrownBy(() -> DataDirectory.lock(Path.of("/proc/hearth")))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageStartingWith("the data directory /proc/hearth cannot be used: ");
    }

    @Test
    void aLookMakesAndRemovesNothingAndRespectsTheHost() throws Exception {
        Path root = folder.resolve("data");
        assertThat(DataDirectory.look(root)).isEmpty();
        assertThat(root).doesNotExist();
        try (DataDirectory directory = DataDirectory.lock(root)) {
            directory.writeState("file", new byte[] {7});
            assertThatThrownBy(() -> DataDirectory.look(root))
                    .isInstanceOfSatisfying(DataDirectoryException.class, e -> assertThat(e.isInUse()).isTrue());
        }
        // As a host that died leaves it.
        Files.createDirectory(root.resolve("run"));
        try (DataDirectory looked = DataDirectory.look(root).orElseThrow()) {
            assertThat(looked.readState("file")).contains(new byte[] {7});
        }
        assertThat(root.resolve("run")).exists();
        try (DataDirectory next = DataDirectory.lock(root)) {
            assertThat(next.predecessor()).isPresent();
        }
    }
}
