package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Units;
import hearth.base.posix.Errno;
import hearth.base.posix.PosixException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: a file disk does what it is told and says what it could not do. Method: real files.
class FileDiskTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadByTheNextWhoOpensIt() throws IOException {
        Path path = folder.resolve("disk");
        try (Disk disk = FileDisk.create(path, Units.MIB); Arena arena = Arena.ofConfined()) {
            disk.writeAt(arena.allocate(8192).fill((byte) 7), 4096);
            disk.flush();
        }
        try (Disk disk = FileDisk.open(path); Arena arena = Arena.ofConfined()) {
            assertThat(disk.sizeBlocks()).isEqualTo(256);
            MemorySegment read = arena.allocate(8192);
            assertThat(disk.readAt(read, 4096)).isEqualTo(8192);
            assertThat(read.mismatch(arena.allocate(8192).fill((byte) 7))).isEqualTo(-1);
        }
    }

    @Test
    void aFileThatIsThereIsNotMadeAgain() throws IOException {
        Path path = Files.writeString(folder.resolve("precious"), "data");
        assertThatThrownBy(() -> FileDisk.create(path, Units.MIB))
                .isInstanceOfSatisfying(PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        assertThat(path).hasContent("data");
    }

    @Test
    void aMissingFileIsToldFromOthers() {
        assertThatThrownBy(() -> FileDisk.open(folder.resolve("nothing")))
                .isInstanceOfSatisfying(PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    }

    @Test
    void readsAtTheEndAreShortAndWritesBeyondItAreRefused() throws IOException {
        try (Disk disk = FileDisk.create(folder.resolve("disk"), 8192); Arena arena = Arena.ofConfined()) {
            MemorySegment two = arena.allocate(8192);
            assertThat(disk.readAt(two, 4096)).isEqualTo(4096);
            assertThatThrownBy(() -> disk.writeAt(two, 4096)).isInstanceOf(PosixException.class);
            assertThat(Files.size(folder.resolve("disk"))).isEqualTo(8192);
        }
    }

    @Test
    void aClosedDiskAnswersNothing() throws IOException {
        Disk disk = FileDisk.create(folder.resolve("disk"), 8192);
        disk.close();
        disk.close();
        assertThatThrownBy(disk::flush).isInstanceOf(IOException.class);
    }
}
