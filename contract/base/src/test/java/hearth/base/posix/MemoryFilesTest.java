package hearth.base.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Goal: what a region is made of. Method: real memfds of a few MiB, mapped more than once.
class MemoryFilesTest {
    private static final long SIZE_BYTES = 4L * Units.MIB;

    private int fd;

    @BeforeEach
    void createFile() throws PosixException {
        fd = MemoryFiles.create("hearth-test", SIZE_BYTES);
    }

    @AfterEach
    void closeFile() {
        Descriptors.close(fd);
    }

    @Test
    void fileHasItsSizeAndEveryPageOfIt() throws PosixException {
        assertThat(Descriptors.sizeOf(fd)).isEqualTo(SIZE_BYTES);
        assertThat(allocatedBytes()).isEqualTo(SIZE_BYTES);
    }

    private long allocatedBytes() throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment stat = call.cleared(144);
            call.orThrow(call.call(5, fd, stat, 0, 0, 0, 0), "fstat");
            return stat.get(ValueLayout.JAVA_LONG, 64) * 512;
        }
    }

    @Test
    void mappingsShareBytesAndAreAligned() throws PosixException {
        MemorySegment first = MemoryFiles.map(fd, SIZE_BYTES, true);
        MemorySegment second = MemoryFiles.map(fd, SIZE_BYTES, false);
        first.set(ValueLayout.JAVA_LONG, SIZE_BYTES - 8, 42);

        assertThat(second.get(ValueLayout.JAVA_LONG, SIZE_BYTES - 8)).isEqualTo(42);
        assertThat(first.address() % Units.HUGE_PAGE_SIZE).isZero();
        assertThat(second.address() % Units.HUGE_PAGE_SIZE).isZero();
        assertThat(second.isReadOnly()).isTrue();
        MemoryFiles.unmap(first);
        MemoryFiles.unmap(second);
    }

    @Test
    void unmapGivesTheAddressRangeBack() throws IOException {
        MemorySegment mapping = MemoryFiles.map(fd, SIZE_BYTES, true);
        String start = Long.toHexString(mapping.address()) + "-";
        assertThat(Path.of("/proc/self/maps")).content().contains("\n" + start);
        MemoryFiles.unmap(mapping);
        assertThat(Path.of("/proc/self/maps")).content().doesNotContain("\n" + start);
    }

    @Test
    void sealedFileRefusesToShrinkAndToGrow() throws IOException {
        Path path = Path.of("/proc/self/fd/" + fd);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(SIZE_BYTES - 4096);
            assertThat(Descriptors.sizeOf(fd)).as("before the seal").isEqualTo(SIZE_BYTES - 4096);
            MemoryFiles.sealSize(fd);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.truncate(4096));
            assertThatExceptionOfType(PosixException.class)
                    .isThrownBy(() -> Descriptors.writeAt(fd, Arena.ofAuto().allocate(4096), SIZE_BYTES))
                    .matches(e -> e.errno() == Errno.EPERM);
        }
        assertThat(Descriptors.sizeOf(fd)).isEqualTo(SIZE_BYTES - 4096);
    }

    @Test
    void futureWriteSealLeavesOldMappingsAndRefusesNewOnes() throws PosixException {
        MemorySegment host = MemoryFiles.map(fd, SIZE_BYTES, true);
        MemoryFiles.sealFutureWrite(fd);
        host.set(ValueLayout.JAVA_INT, 0, 7);

        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> MemoryFiles.map(fd, SIZE_BYTES, true))
                .matches(e -> e.errno() == Errno.EPERM);
        MemorySegment guest = MemoryFiles.map(fd, SIZE_BYTES, false);
        assertThat(guest.get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
        MemoryFiles.unmap(host);
        MemoryFiles.unmap(guest);
    }

    @Test
    void collapseIsCountedAsHugeBytesOrRefused() throws IOException {
        MemorySegment mapping = MemoryFiles.map(fd, SIZE_BYTES, true);
        MemoryFiles.populate(mapping);
        mapping.set(ValueLayout.JAVA_LONG, 4096, 99);
        long before = MemoryFiles.hugeBytes(mapping);
        boolean collapsed = MemoryFiles.collapse(mapping.asSlice(0, Units.HUGE_PAGE_SIZE));

        long expected = collapsed ? Math.max(before, Units.HUGE_PAGE_SIZE) : before;
        assertThat(MemoryFiles.hugeBytes(mapping)).isEqualTo(expected);
        assertThat(mapping.get(ValueLayout.JAVA_LONG, 4096)).isEqualTo(99);
        MemoryFiles.unmap(mapping);
    }
}
