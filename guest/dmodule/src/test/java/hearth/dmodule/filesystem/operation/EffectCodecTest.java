package hearth.dmodule.filesystem.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.TreeLayout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Effects survive encoding; bytes that are no effect are refused, whatever they are.
class EffectCodecTest {
    private static final FileType[] TYPES = FileType.values();

    private static long ino(Random random) {
        return random.nextLong(InodeLayout.NUMBER_MAX);
    }

    private static Name name(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(255)];
        random.nextBytes(bytes);
        return new Name(bytes);
    }

    private static InodeFields fields(Random random) {
        return new InodeFields(
                TYPES[random.nextInt(TYPES.length)],
                random.nextInt(0_10000),
                random.nextInt() >>> 1,
                random.nextInt(),
                random.nextInt(),
                random.nextInt(),
                random.nextLong() >>> 1,
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong());
    }

    private static long cookie(Random random) {
        return 1 + (random.nextLong() >>> 2);
    }

    private static EffectStep step(Random random) {
        var type = TYPES[random.nextInt(TYPES.length)];
        return switch (random.nextInt(9)) {
            case 0 -> new EffectStep.Take(ino(random), random.nextInt());
            case 1 -> new EffectStep.SetInode(ino(random), fields(random));
            case 2 -> new EffectStep.Free(ino(random));
            case 3 -> new EffectStep.AddName(ino(random), name(random), cookie(random), ino(random), type);
            case 4 -> new EffectStep.ReplaceName(ino(random), name(random), cookie(random), ino(random), type);
            case 5 -> new EffectStep.RemoveName(ino(random), name(random), cookie(random));
            case 6 -> {
                int first = random.nextInt(4);
                int[] crcs = random.ints(1 + random.nextInt(253)).toArray();
                yield new EffectStep.Data(ino(random), random.nextLong(1L << 30), first, crcs);
            }
            case 7 -> new EffectStep.Cut(ino(random), random.nextLong(TreeLayout.FILE_BLOCKS_MAX + 1));
            default -> {
                byte[] text = new byte[1 + random.nextInt(EffectLayout.TARGET_BYTES_MAX)];
                random.nextBytes(text);
                yield new EffectStep.Target(ino(random), text);
            }
        };
    }

    private static Effect effect(Random random) {
        var steps = new ArrayList<EffectStep>();
        for (int i = random.nextInt(8); i > 0; i--) {
            steps.add(step(random));
        }
        return new Effect(random.nextInt(), steps);
    }

    /// Records with arrays do not compare by content.
    private static String text(Effect effect) {
        var text = new StringBuilder("volume " + effect.volumeId());
        for (var step : effect.steps()) {
            text.append('\n').append(switch (step) {
                case EffectStep.Data data ->
                    "Data " + data.ino() + ' ' + data.firstBlock() + ' ' + data.payloadBlock() + ' '
                            + Arrays.toString(data.crcs());
                case EffectStep.Target target -> "Target " + target.ino() + ' ' + Arrays.toString(target.text());
                default -> step.toString();
            });
        }
        return text.toString();
    }

    @Test
    void noStepIsForgottenHere() {
        var random = new Random(5);
        Set<Class<?>> made = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            made.add(step(random).getClass());
        }
        assertThat(made).containsExactlyInAnyOrder(EffectStep.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyEffectComesBack(long seed) throws EffectFormatException {
        System.out.println("EffectCodecTest seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            var effect = effect(random);
            assertThat(text(EffectCodec.decode(EffectCodec.encode(effect)))).isEqualTo(text(effect));
        }
    }

    @Test
    void everyShortenedOrLengthenedEffectIsRefused() {
        var random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = EffectCodec.encode(effect(random));
            for (int length = 0; length < bytes.length; length += 1 + bytes.length / 97) {
                byte[] shorter = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> EffectCodec.decode(shorter)).isInstanceOf(EffectFormatException.class);
            }
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            assertThatThrownBy(() -> EffectCodec.decode(longer)).isInstanceOf(EffectFormatException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void damagedBytesGiveAnEffectOrARefusalAndNothingElse(long seed) {
        System.out.println("EffectCodecTest damage seed " + seed);
        var random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = EffectCodec.encode(effect(random));
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(Math.min(bytes.length, 64))] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                var effect = EffectCodec.decode(bytes);
                assertThat(EffectCodec.encode(effect)).isEqualTo(bytes);
            } catch (EffectFormatException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void noiseIsRefused() {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            try {
                assertThat(EffectCodec.encode(EffectCodec.decode(bytes))).isEqualTo(bytes);
            } catch (EffectFormatException expected) {
                assertThat(expected).hasMessageStartingWith("effect");
            }
        }
    }

    @Test
    void aMegabyteOfDataFits() throws EffectFormatException {
        int[] crcs = new Random(3).ints(EffectLayout.PAYLOAD_BLOCKS_MAX).toArray();
        var effect = new Effect(1, List.of(new EffectStep.Data(64, 0, 0, crcs)));
        assertThat(text(EffectCodec.decode(EffectCodec.encode(effect)))).isEqualTo(text(effect));
    }

    /// What a log of the first version holds must always be read.
    @Test
    void theFormatIsTheOneOfVersionOne() {
        var effect = new Effect(
                3,
                List.of(
                        new EffectStep.Take(64, 2),
                        new EffectStep.RemoveName(65, Name.of("ab"), 0x1122),
                        new EffectStep.Cut(66, 5)));
        assertThat(EffectCodec.encode(effect))
                .containsExactly(
                        1, 0, 3, 0, 3, 0, 0, 0,
                        1, 64, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0,
                        6, 65, 0, 0, 0, 0, 0, 0, 0, 2, 'a', 'b', 0x22, 0x11, 0, 0, 0, 0, 0, 0,
                        8, 66, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0);
    }
}
