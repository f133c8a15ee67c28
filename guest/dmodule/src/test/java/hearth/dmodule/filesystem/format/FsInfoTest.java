package hearth.dmodule.filesystem.format;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import hearth.cf.Export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: the bytes of roots, pointers and volume records say what was put in, and damage is noticed. Method: round
/// trips, and one changed byte at every offset.
class FsInfoTest {
    private static final FsInfo INFO = info();

    private static FsInfo info() {
        var random = new Random(5);
        var map = new byte[InodeLayout.SIZE];
        var table = new byte[InodeLayout.SIZE];
        var volumes = new byte[FsInfoLayout.VOLUMES_SIZE];
        random.nextBytes(map);
        random.nextBytes(table);
        random.nextBytes(volumes);
        return new FsInfo(
                77, 12, 3, 4711, 1_700_000_000_123_456_789L, 262144, 1000, 20, 30, 5, 9, 0, map, table, volumes);
    }

    @Test
    void aRootComesBackAsItWas() {
        byte[] block = INFO.encode();
        assertThat(FsInfo.decode(block)).isInstanceOfSatisfying(FsInfo.Decoded.Valid.class, valid -> {
            assertThat(valid.info()).usingRecursiveComparison().isEqualTo(INFO);
            assertThat(valid.info().usedBlocks()).isEqualTo(262144 - 1050);
            assertThat(valid.info().encode()).isEqualTo(block);
        });
    }

    @Test
    void oneChangedBitAnywhereIsNoticed() {
        byte[] block = INFO.encode();
        for (int at = 0; at < block.length; at++) {
            block[at] ^= (byte) (1 << at % 8);
            assertThat(FsInfo.decode(block)).as("byte %d", at).isInstanceOf(FsInfo.Decoded.Corrupt.class);
            block[at] ^= (byte) (1 << at % 8);
        }
    }

    @Test
    void laterAndEarlierFormatsAreToldFromDamage() {
        assertThat(FsInfo.decode(withVersion(FsInfoLayout.VERSION + 1)))
                .isEqualTo(new FsInfo.Decoded.TooNew(FsInfoLayout.VERSION + 1));
        assertThat(FsInfo.decode(withVersion(0))).isEqualTo(new FsInfo.Decoded.TooOld(0));
        assertThat(FsInfo.decode(new byte[4096])).isEqualTo(new FsInfo.Decoded.Corrupt("magic"));
        assertThat(FsInfo.decode(new byte[10])).isInstanceOf(FsInfo.Decoded.Corrupt.class);
    }

    private static byte[] withVersion(int version) {
        byte[] block = INFO.encode();
        Bytes.putInt(block, FsInfoLayout.VERSION_OFFSET, version);
        Bytes.putInt(block, FsInfoLayout.CRC_OFFSET, 0);
        Bytes.putInt(block, FsInfoLayout.CRC_OFFSET, Bytes.crc(block));
        return block;
    }

    /// What version 2 added was zero in version 1.
    @Test
    void aRootOfTheFirstVersionIsReadAndWrittenAsTheNewest() {
        var decoded = (FsInfo.Decoded.Valid) FsInfo.decode(withVersion(1));
        assertThat(decoded.info().lastChange()).isZero();
        assertThat(decoded.info().generation()).isEqualTo(INFO.generation());
        assertThat(Bytes.getInt(decoded.info().encode(), FsInfoLayout.VERSION_OFFSET)).isEqualTo(2);
    }

    @Test
    void countsThatCannotBeAreRefusedAlthoughTheChecksumIsRight() {
        byte[] block = INFO.encode();
        Bytes.putLong(block, FsInfoLayout.FREE_BLOCKS_OFFSET, 262145);
        Bytes.putInt(block, FsInfoLayout.CRC_OFFSET, 0);
        Bytes.putInt(block, FsInfoLayout.CRC_OFFSET, Bytes.crc(block));
        assertThat(FsInfo.decode(block)).isEqualTo(new FsInfo.Decoded.Corrupt("values out of range"));
    }

    @Test
    void pointersHoldFortyEightBitsOfPlaceAndBirth() {
        var random = new Random(1);
        var bytes = new byte[64];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(bytes);
            byte[] before = bytes.clone();
            var pointer = new BlockPointer(
                    1 + (random.nextLong() >>> 17), random.nextLong() >>> 16, random.nextInt());
            pointer.encode(bytes, 16);
            assertThat(BlockPointer.decode(bytes, 16)).isEqualTo(pointer);
            assertThat(BlockPointer.isHoleAt(bytes, 16)).isFalse();
            assertThat(Arrays.copyOf(bytes, 16)).isEqualTo(Arrays.copyOf(before, 16));
            assertThat(Arrays.copyOfRange(bytes, 32, 64)).isEqualTo(Arrays.copyOfRange(before, 32, 64));
        }
        BlockPointer.HOLE.encode(bytes, 0);
        assertThat(BlockPointer.isHoleAt(bytes, 0)).isTrue();
        assertThat(BlockPointer.decode(bytes, 0)).isSameAs(BlockPointer.HOLE);
    }

    @Test
    void aVolumeRecordComesBackAsItWas() {
        var config = new VolumeConfig("größe", "/exports/größe", true, List.of("10.0.0.0/8", "fd00::/8"),
                Export.Squash.ALL, -2, 65534);
        var inodeFile = new byte[InodeLayout.SIZE];
        var inodeMap = new byte[InodeLayout.SIZE];
        new Random(2).nextBytes(inodeFile);
        new Random(3).nextBytes(inodeMap);
        var record = new VolumeRecord(17, config, 12345, inodeFile, inodeMap);
        var bytes = new byte[4096];
        new Random(4).nextBytes(bytes);
        record.encode(bytes, 1024);
        assertThat(VolumeRecord.decode(bytes, 1024)).get().usingRecursiveComparison().isEqualTo(record);
        assertThat(VolumeRecord.decode(new byte[1024], 0)).isEmpty();
    }

    @Test
    void aVolumesLimitAndItsDeletionAreKept() {
        var config = VolumeConfig.notExported("old", 1L << 40);
        var record = new VolumeRecord(3, true, config, 5, new byte[InodeLayout.SIZE], new byte[InodeLayout.SIZE]);
        var bytes = new byte[1024];
        record.encode(bytes, 0);
        assertThat(VolumeRecord.decode(bytes, 0)).get().usingRecursiveComparison().isEqualTo(record);
        bytes[VolumeLayout.STATE_OFFSET] = 3;
        assertThat(VolumeRecord.decode(bytes, 0)).isEmpty();
    }

    @Test
    void whatARecordCannotHoldIsRefusedByName() {
        assertThatThrownBy(() -> new VolumeConfig("n".repeat(64), "", false, List.of(), Export.Squash.NONE, 0, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("name").hasMessageContaining("63");
        assertThatThrownBy(() -> new VolumeConfig("n", "vol", false, List.of(), Export.Squash.NONE, 0, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("exportPath");
        assertThatThrownBy(() -> new VolumeConfig(
                        "n", "/v", false, List.of("1.2.3.4/32".repeat(20)), Export.Squash.NONE, 0, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("clients");
    }
}
