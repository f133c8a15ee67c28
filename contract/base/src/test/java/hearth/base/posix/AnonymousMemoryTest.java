package hearth.base.posix;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import hearth.base.Units;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: memory beside the heap costs nothing before it is touched, and is there when it is.
class AnonymousMemoryTest {
    @Test
    void untouchedMemoryIsNotResident() throws IOException {
        long before = residentKib();
        var memory = AnonymousMemory.map(1024L * Units.MIB);
        assertThat(residentKib() - before).isLessThan(100_000);
        assertThat(memory.address() % Units.HUGE_PAGE_SIZE).isZero();
        assertThat(memory.byteSize()).isEqualTo(1024L * Units.MIB);
        memory.set(ValueLayout.JAVA_LONG, 0, 7);
        memory.set(ValueLayout.JAVA_LONG, memory.byteSize() - 8, 8);
        AnonymousMemory.preferHugePages(memory);
        assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
        assertThat(memory.get(ValueLayout.JAVA_LONG, 4096)).isZero();
    }

    private static long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
