package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
    void wholeBlocksThatAreWrittenPastThePageCacheAreReadThroughIt() throws Exception {
        try (FileDisk disk = FileDisk.create(folder.resolve("disk"), Units.MIB).withDirectWrites();
                Arena arena = Arena.ofConfined()) {
            MemorySegment blocks = arena.allocate(2 * Units.BLOCK_SIZE, Units.BLOCK_SIZE);
            MemorySegment read = arena.allocate(2 * Units.BLOCK_SIZE);
            for (byte pass = 1; pass <= 3; pass++) {
                // The read of the pass before has left the old bytes in the page cache.
                blocks.fill(pass);
                disk.writeAt(blocks, 2 * Units.BLOCK_SIZE);
                assertThat(disk.readAt(read, 2 * Units.BLOCK_SIZE)).isEqualTo(2 * Units.BLOCK_SIZE);
                assertThat(read.mismatch(blocks)).isEqualTo(-1);
            }
        }
    }

    @Test
    void partsOfBlocksAndUnalignedMemoryAreWrittenAsWell() throws Exception {
        try (FileDisk disk = FileDisk.create(folder.resolve("disk"), Units.MIB).withDirectWrites();
                Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(3 * Units.BLOCK_SIZE, Units.BLOCK_SIZE).fill((byte) 7);
            disk.writeAt(memory.asSlice(1, Units.BLOCK_SIZE), 0);
            disk.writeAt(memory.asSlice(0, 100), 5000);
            disk.flush();
            MemorySegment read = arena.allocate(2 * Units.BLOCK_SIZE);
            disk.readAt(read, 0);
            assertThat(read.asSlice(0, Units.BLOCK_SIZE).mismatch(memory.asSlice(0, Units.BLOCK_SIZE))).isEqualTo(-1);
            assertThat(read.get(ValueLayout.JAVA_BYTE, 4999)).isZero();
            assertThat(read.asSlice(5000, 100).mismatch(memory.asSlice(0, 100))).isEqualTo(-1);
            assertThat(read.get(ValueLayout.JAVA_BYTE, 5100)).isZero();
        }
    }

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
