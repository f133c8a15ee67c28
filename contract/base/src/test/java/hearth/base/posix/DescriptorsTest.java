package hearth.base.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Goal: positional I/O, locks and sizes as the disks need them. Method: real files.
class DescriptorsTest {
    private static final int RW_CREATE = Descriptors.O_RDWR | Descriptors.O_CREAT;

    @TempDir
    Path dir;

    @Test
    void positionalWritesAndReadsMeet() throws IOException {
        Path path = dir.resolve("ünïcode name");
        int fd = Descriptors.open(path, RW_CREATE | Descriptors.O_EXCL, 0600);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(3L * 4096);
            out.set(ValueLayout.JAVA_LONG, 4096, 77);
            assertThat(Descriptors.writeAt(fd, out, 8192)).isEqualTo(3 * 4096);
            Descriptors.syncData(fd);
            Descriptors.dropPageCache(fd);
            assertThat(Descriptors.sizeOf(fd)).isEqualTo(5 * 4096).isEqualTo(Files.size(path));
            MemorySegment in = arena.allocate(4L * 4096);
            assertThat(Descriptors.readAt(fd, in, 12288)).as("short only at the end").isEqualTo(2 * 4096);
            assertThat(in.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(77);
            assertThat(Descriptors.readAt(fd, in, 1 << 20)).isZero();
        }
        assertThat(Files.getPosixFilePermissions(path)).hasSize(2);
        Descriptors.close(fd);
    }

    @Test
    void readAndWriteMoveThePosition() throws IOException {
        int fd = Descriptors.open(dir.resolve("f"), RW_CREATE, 0600);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(8);
            assertThat(Descriptors.write(fd, word)).isEqualTo(8);
            assertThat(Descriptors.write(fd, word)).isEqualTo(8);
            assertThat(Descriptors.read(fd, word)).isZero();
        }
        assertThat(Descriptors.sizeOf(fd)).isEqualTo(16);
        Descriptors.close(fd);
    }

    @Test
    void lockHasOneHolderAndEndsWithItsLastDescriptor() throws IOException {
        Path path = dir.resolve("lock");
        int first = Descriptors.open(path, RW_CREATE, 0600);
        int second = Descriptors.open(path, RW_CREATE, 0600);
        assertThat(Descriptors.lockExclusive(first)).isTrue();
        assertThat(Descriptors.lockExclusive(second)).isFalse();
        int copy = Descriptors.duplicateFrom(first, 100);
        assertThat(copy).isGreaterThanOrEqualTo(100);
        Descriptors.close(first);
        assertThat(Descriptors.lockExclusive(second)).as("the duplicate still holds it").isFalse();
        Descriptors.close(copy);
        assertThat(Descriptors.lockExclusive(second)).isTrue();
        Descriptors.close(second);
    }

    @Test
    void failuresNameCallPathAndError() {
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> Descriptors.open(dir.resolve("none"), Descriptors.O_RDONLY, 0))
                .matches(e -> e.errno() == Errno.ENOENT && e.call().equals("openat"))
                .withMessageContaining("none: ENOENT");
    }

    @Test
    void closingWhatIsNotOpenIsABug() {
        assertThatExceptionOfType(Check.Failed.class).isThrownBy(() -> Descriptors.close(1_000_000));
    }
}
