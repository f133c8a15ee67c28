package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Units;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the volatile disk loses exactly what a power cut may lose, and nothing that was flushed.
/// Method: a real file below; closing the volatile disk without a flush is the power cut.
class VolatileDiskTest {
    private static final int BLOCKS = 64;
    private static final int SEEDS = 30;

    @TempDir
    private Path folder;

    @Test
    void whatWasFlushedIsThereAfterThePowerCut() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            Path path = folder.resolve("flushed" + seed);
            Disk disk = open(path, seed, false);
            for (int block = 0; block < BLOCKS; block++) {
                write(disk, block, 1);
            }
            disk.flush();
            disk.close();
            for (int block = 0; block < BLOCKS; block++) {
                assertThat(onFile(path, block)).as("seed %d block %d", seed, block).containsOnly(1);
            }
        }
    }

    @Test
    void someUnflushedBlocksAreLostAndSomeReachTheFileEarlyAndTorn() throws IOException {
        int lost = 0;
        int early = 0;
        int torn = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Path path = folder.resolve("cut" + seed);
            Disk disk = open(path, seed, false);
            for (int block = 0; block < BLOCKS; block++) {
                write(disk, block, 1);
            }
            disk.close();
            for (int block = 0; block < BLOCKS; block++) {
                byte[] bytes = onFile(path, block);
                int sectors = 0;
                for (int at = 0; at < bytes.length; at += 512) {
                    byte first = bytes[at];
                    assertThat(Arrays.copyOfRange(bytes, at, at + 512)).as("a torn sector").containsOnly(first);
                    sectors += first;
                }
                lost += sectors == 0 ? 1 : 0;
                early += sectors == 8 ? 1 : 0;
                torn += sectors > 0 && sectors < 8 ? 1 : 0;
            }
        }
        assertThat(lost).isPositive();
        assertThat(early).isPositive();
        assertThat(torn).isPositive();
    }

    @Test
    void theSameSeedLosesTheSameBlocks() throws IOException {
        for (String name : new String[] {"one", "two"}) {
            Disk disk = open(folder.resolve(name), 7, false);
            for (int block = 0; block < BLOCKS; block++) {
                write(disk, block, 1);
            }
            disk.close();
        }
        assertThat(Files.mismatch(folder.resolve("one"), folder.resolve("two"))).isEqualTo(-1);
    }

    @Test
    void aFlushThatIsIgnoredLosesData() throws IOException {
        Path path = folder.resolve("liar");
        Disk disk = open(path, 3, true);
        disk.flush();
        for (int block = 0; block < BLOCKS; block++) {
            write(disk, block, 1);
        }
        disk.flush();
        disk.close();
        int lost = 0;
        for (int block = 0; block < BLOCKS; block++) {
            lost += Arrays.equals(onFile(path, block), new byte[Units.BLOCK_SIZE]) ? 1 : 0;
        }
        assertThat(lost).isPositive();
    }

    @Test
    void readersSeeWhatWasWrittenLastAlsoInPartsOfBlocks() throws IOException {
        try (Disk disk = open(folder.resolve("reader"), 5, false); Arena arena = Arena.ofConfined()) {
            write(disk, 0, 1);
            write(disk, 1, 2);
            disk.flush();
            MemorySegment piece = arena.allocate(100).fill((byte) 9);
            disk.writeAt(piece, Units.BLOCK_SIZE - 50);
            MemorySegment both = arena.allocate(2L * Units.BLOCK_SIZE);
            assertThat(disk.readAt(both, 0)).isEqualTo(both.byteSize());
            byte[] bytes = both.toArray(ValueLayout.JAVA_BYTE);
            assertThat(Arrays.copyOfRange(bytes, 0, 4046)).containsOnly(1);
            assertThat(Arrays.copyOfRange(bytes, 4046, 4146)).containsOnly(9);
            assertThat(Arrays.copyOfRange(bytes, 4146, 8192)).containsOnly(2);
        }
    }

    private static Disk open(Path path, long seed, boolean secondFlushIgnored) throws IOException {
        Optional<DiskFiles.Ignored> ignored =
                secondFlushIgnored ? Optional.of(DiskFiles.Ignored.parse("disk:1")) : Optional.empty();
        return new VolatileDisk(FileDisk.create(path, (long) BLOCKS * Units.BLOCK_SIZE),
                VolatileDisk.Temper.HASTY, seed, ignored, PowerSupply.steady().of(DiskFiles.Use.DISK));
    }

    private static void write(Disk disk, long block, int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            disk.writeAt(arena.allocate(Units.BLOCK_SIZE).fill((byte) value), block * Units.BLOCK_SIZE);
        }
    }

    private static byte[] onFile(Path path, int block) throws IOException {
        return Arrays.copyOfRange(Files.readAllBytes(path), block * Units.BLOCK_SIZE, (block + 1) * Units.BLOCK_SIZE);
    }
}
