package hearth.memory.label;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Labels travel whole, damage is told, and of two copies the right one is chosen.
class LabelTest {
    private final Random random = new Random(11);
    private final List<DiskId> disks = List.of(DiskId.random(random), DiskId.random(random));
    private final LabelGeneration generation = LabelGeneration.first(random);
    private final List<DiskLabel> labels =
            DiskLabel.create(0x55, RaidType.MIRROR, disks, List.of(10_000L, 9_000L), generation);

    @Test
    void aLabelComesBackAsItWas() {
        for (DiskLabel label : labels) {
            assertThat(LabelCodec.decode(label.encode())).isEqualTo(new LabelRead.Valid(label));
            assertThat(label.dataBlocks()).isEqualTo(9_000 - 257);
        }
        DiskLabel changed = labels.get(1)
                .withFormatted(8)
                .withStates(List.of(MemberState.MISSING, MemberState.IN_SYNC), generation.next(random), 9);
        assertThat(LabelCodec.decode(changed.encode())).isEqualTo(new LabelRead.Valid(changed));
        assertThat(changed.generation().predecessorId()).isEqualTo(generation.id());
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] good = labels.getFirst().encode();
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            assertThat(LabelCodec.decode(bad)).as("byte %d", at)
                    .isInstanceOf(at < 8 ? LabelRead.Unknown.class : LabelRead.Corrupt.class);
        }
    }

    @Test
    void aDataAreaOutsideItsDiskIsRefused() {
        for (long[] sizes : new long[][] {
            {10_000, 256, 9_744}, {10_000, 10_000, 1}, {10_000, Long.MAX_VALUE, 1}, {10_000, 256, Long.MAX_VALUE},
            {0, 256, 1}, {-5, Long.MAX_VALUE, 1}, {Long.MIN_VALUE, 256, 1}
        }) {
            var old = labels.getFirst();
            var wrong = new DiskLabel(old.diskId(), old.aggregateId(), 0, 0, old.raidType(), sizes[0], sizes[1],
                    sizes[2], true, old.members(), old.states(), generation, 1);
            assertThat(LabelCodec.decode(wrong.encode())).as("%s blocks", sizes[0])
                    .isEqualTo(new LabelRead.Corrupt("data area"));
        }
    }

    @Test
    void randomBlocksAndBlankOnesAreNoLabels() {
        byte[] bytes = new byte[4096];
        assertThat(LabelCodec.decode(bytes)).isInstanceOf(LabelRead.Blank.class);
        for (int i = 0; i < 1000; i++) {
            random.nextBytes(bytes);
            assertThat(LabelCodec.decode(bytes)).isInstanceOf(LabelRead.Unknown.class);
        }
    }

    @Test
    void theNewerOrTheUndamagedCopyIsChosen() {
        DiskLabel old = labels.getFirst();
        DiskLabel young = old.withStates(old.states(), generation.next(random), 3);
        byte[] torn = young.encode();
        java.util.Arrays.fill(torn, 2048, 4096, (byte) 0);
        assertThat(LabelCodec.choose(young.encode(), old.encode())).isEqualTo(new LabelRead.Valid(young));
        assertThat(LabelCodec.choose(old.encode(), young.encode())).isEqualTo(new LabelRead.Valid(young));
        assertThat(LabelCodec.choose(torn, old.encode())).isEqualTo(new LabelRead.Valid(old));
        assertThat(LabelCodec.choose(young.encode(), torn)).isEqualTo(new LabelRead.Valid(young));
        assertThat(LabelCodec.choose(torn, torn)).isInstanceOf(LabelRead.Corrupt.class);
        assertThat(LabelCodec.choose(new byte[4096], torn)).isInstanceOf(LabelRead.Corrupt.class);
        assertThat(LabelCodec.choose(new byte[4096], new byte[4096])).isInstanceOf(LabelRead.Blank.class);
        assertThat(LabelCodec.choose(labels.get(0).encode(), labels.get(1).encode()))
                .isInstanceOf(LabelRead.Corrupt.class);
        DiskLabel formatted = old.withFormatted(4);
        assertThat(LabelCodec.choose(formatted.encode(), old.encode())).isEqualTo(new LabelRead.Valid(formatted));
    }

    @Test
    void placesOnADiskDoNotOverlap() {
        assertThat(DiskGeometry.FSINFO_0_DBN).isEqualTo(136);
        assertThat(DiskGeometry.fsinfoDbn(7)).isEqualTo(137);
        assertThat(DiskGeometry.fsinfoDbn(8)).isEqualTo(136);
        assertThat(DiskGeometry.DATA_START_DBN + DiskGeometry.dataBlocks(5000))
                .isEqualTo(DiskGeometry.backLabelDbn(5000));
    }

    @Test
    void diskIdsAreTextAndBack() {
        assertThat(DiskId.parse(disks.getFirst().toString())).isEqualTo(disks.getFirst());
    }
}
