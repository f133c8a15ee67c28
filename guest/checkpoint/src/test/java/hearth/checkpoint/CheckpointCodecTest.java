package hearth.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;

import hearth.memory.region.SectionCounters.SectionCounter;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a checkpoint comes back as it was, or not at all.
/// Method: round trips; 10 000 seeded mutations; formats of other versions with good CRCs.
class CheckpointCodecTest {
    private static final long REGION = 0x55AA;

    static Checkpoint sample(Random random) {
        Map<Section, SectionState> sections = new EnumMap<>(Section.class);
        for (Section section : Section.values()) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            sections.put(section, new SectionState(random.nextLong(), random.nextLong(),
                    new SectionCounter(REGION, random.nextLong()), new SectionCounter(REGION, random.nextLong()),
                    bytes));
        }
        return new Checkpoint("a", REGION, sections);
    }

    private static Decoded decode(byte[] bytes) {
        return CheckpointCodec.decode(bytes, "a", REGION);
    }

    private static void assertSame(Decoded decoded, Checkpoint expected) {
        assertThat(decoded).isInstanceOfSatisfying(Decoded.Valid.class, valid -> {
            assertThat(valid.checkpoint().domain()).isEqualTo(expected.domain());
            assertThat(valid.checkpoint().sections()).hasSameSizeAs(expected.sections());
            expected.sections().forEach((section, state) -> {
                SectionState found = valid.checkpoint().section(section).orElseThrow();
                assertThat(found.bytes()).isEqualTo(state.bytes());
                assertThat(List.of(found.generation(), found.fingerprint(), found.host(), found.guest()))
                        .isEqualTo(List.of(state.generation(), state.fingerprint(), state.host(), state.guest()));
            });
        });
    }

    @Test
    void whatWasSavedComesBack() {
        for (int seed = 0; seed < 50; seed++) {
            Checkpoint checkpoint = sample(new Random(seed));
            assertSame(decode(CheckpointCodec.encode(checkpoint)), checkpoint);
        }
        Checkpoint empty = new Checkpoint("a", REGION, Map.of());
        assertSame(decode(CheckpointCodec.encode(empty)), empty);
    }

    @Test
    void anyMutationIsCorruptAndNeverThrows() {
        byte[] good = CheckpointCodec.encode(sample(new Random(1)));
        for (int seed = 0; seed < 10_000; seed++) {
            byte[] bad = mutate(good, new Random(seed));
            if (!Arrays.equals(bad, good)) {
                assertThat(decode(bad)).as("seed %d", seed).isInstanceOf(Decoded.Corrupt.class);
            }
        }
    }

    /// The same behind a good CRC, as a buggy writer would leave it: no exception, and nothing but a checkpoint or a
    /// refusal.
    @Test
    void anyMutationBehindAGoodCrcNeverThrows() {
        byte[] good = CheckpointCodec.encode(sample(new Random(2)));
        int refused = 0;
        for (int seed = 0; seed < 10_000; seed++) {
            byte[] bad = withGoodCrc(mutate(good, new Random(seed)));
            refused += decode(bad) instanceof Decoded.Valid ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bad = switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(good, random.nextInt(good.length));
            case 1 -> Arrays.copyOf(good, good.length + 1 + random.nextInt(100));
            case 2 -> {
                byte[] noise = new byte[random.nextInt(2 * good.length)];
                random.nextBytes(noise);
                yield noise;
            }
            default -> good.clone();
        };
        for (int i = random.nextInt(4); i > 0 && bad.length > 0; i--) {
            int at = random.nextBoolean() ? random.nextInt(bad.length) : random.nextInt(Math.min(400, bad.length));
            bad[at] ^= (byte) (1 + random.nextInt(255));
        }
        return bad;
    }

    private static byte[] withGoodCrc(byte[] bytes) {
        if (bytes.length >= CheckpointLayout.SIZE) {
            var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            buffer.putLong(CheckpointLayout.MAGIC_OFFSET, CheckpointLayout.MAGIC);
            buffer.putInt(CheckpointLayout.LENGTH_OFFSET, bytes.length);
            buffer.putInt(CheckpointLayout.CRC_OFFSET, 0);
            var crc = new CRC32C();
            crc.update(bytes, 0, bytes.length);
            buffer.putInt(CheckpointLayout.CRC_OFFSET, (int) crc.getValue());
        }
        return bytes;
    }

    @Test
    void otherVersionsAreToldFromDamage() {
        byte[] bytes = CheckpointCodec.encode(sample(new Random(3)));
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(CheckpointLayout.VERSION_OFFSET, CheckpointLayout.VERSION + 1);
        assertThat(decode(bytes)).as("without its CRC").isInstanceOf(Decoded.Corrupt.class);
        assertThat(decode(withGoodCrc(bytes))).isEqualTo(new Decoded.TooNew(CheckpointLayout.VERSION + 1));
        buffer.putInt(CheckpointLayout.VERSION_OFFSET, CheckpointLayout.VERSION_OLDEST - 1);
        assertThat(decode(withGoodCrc(bytes))).isEqualTo(new Decoded.TooOld(CheckpointLayout.VERSION_OLDEST - 1));
    }

    @Test
    void anotherDomainsOrRegionsIsForeign() {
        byte[] bytes = CheckpointCodec.encode(sample(new Random(4)));
        assertThat(CheckpointCodec.decode(bytes, "b", REGION)).isEqualTo(new Decoded.Foreign("of domain a"));
        assertThat(CheckpointCodec.decode(bytes, "a", 1)).isEqualTo(new Decoded.Foreign("of another region"));
    }
}
