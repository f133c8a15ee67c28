package hearth.cf;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import hearth.base.Check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: every message survives encoding, and no bytes do anything but give a message or a `CfFormatException`.
/// Method: records made by reflection from a printed seed; then the same bytes cut short, flipped and extended.
class CfCodecTest {
    private static final List<Class<?>> REQUESTS = RandomMessages.recordsOf(CfRequest.class);
    private static final List<Class<?>> REPLIES = RandomMessages.recordsOf(CfReply.class);

    /// What a mutation may be answered with.
    private static final Set<Class<?>> MUTATION_REPLIES = Set.of(
            CfReply.Failed.class,
            CfReply.Dropped.class,
            CfReply.Changed.class,
            CfReply.Written.class,
            CfReply.Created.class,
            CfReply.Removed.class,
            CfReply.Renamed.class,
            CfReply.Linked.class);

    private final Random random = seeded();

    private static Random seeded() {
        long seed = Long.getLong("hearth.seed", new Random().nextLong());
        System.out.println("CfCodecTest seed " + seed + " (-Dhearth.seed=…)");
        return new Random(seed);
    }

    @Test
    void everyRequestComesBackAsItWas() throws CfFormatException {
        assertThat(REQUESTS).hasSize(19);
        for (int round = 0; round < 100; round++) {
            var messages = new RandomMessages(random, round == 0);
            for (Class<?> type : REQUESTS) {
                var call = new CfCall(messages.make(Caller.class), (CfRequest) messages.make(type));
                var back = CfDecoder.decodeRequest(CfEncoder.encodeRequest(call.caller(), call.request()));
                assertThat(back).usingRecursiveComparison().isEqualTo(call);
                assertThat(back.request()).isInstanceOf(type);
            }
        }
    }

    @Test
    void everyReplyComesBackAsItWas() throws CfFormatException {
        assertThat(REPLIES).hasSize(17);
        for (int round = 0; round < 100; round++) {
            var messages = new RandomMessages(random, round == 0);
            for (Class<?> type : REPLIES) {
                var reply = (CfReply) messages.make(type);
                var back = CfDecoder.decodeReply(CfEncoder.encodeReply(reply));
                assertThat(back).usingRecursiveComparison().isEqualTo(reply);
                assertThat(back).isInstanceOf(type);
            }
        }
    }

    @Test
    void theLargestRepliesToMutationsFitTheDuplicateRequestTable() {
        var messages = new RandomMessages(random, true);
        for (Class<?> type : MUTATION_REPLIES) {
            int length = CfEncoder.encodeReply((CfReply) messages.make(type)).length;
            System.out.println("largest " + type.getSimpleName() + ": " + length + " bytes");
            assertThat(length).as(type.getSimpleName()).isLessThanOrEqualTo(CfReply.MUTATION_MAX_BYTES);
        }
    }

    @Test
    void cutMessagesAreRefused() {
        var messages = new RandomMessages(random, false);
        for (Class<?> type : REPLIES) {
            byte[] bytes = CfEncoder.encodeReply((CfReply) messages.make(type));
            for (int length = 0; length < bytes.length; length += 1 + length / 64) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> CfDecoder.decodeReply(cut)).isInstanceOf(CfFormatException.class);
            }
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            assertThatThrownBy(() -> CfDecoder.decodeReply(longer)).isInstanceOf(CfFormatException.class);
        }
        for (Class<?> type : REQUESTS) {
            var request = (CfRequest) messages.make(type);
            byte[] bytes = CfEncoder.encodeRequest(messages.make(Caller.class), request);
            for (int length = 0; length < bytes.length; length += 1 + length / 64) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> CfDecoder.decodeRequest(cut)).isInstanceOf(CfFormatException.class);
            }
        }
    }

    @Test
    void flippedBitsGiveAMessageOrARefusalAndNothingElse() {
        int refused = 0;
        int accepted = 0;
        for (int round = 0; round < 300; round++) {
            var messages = new RandomMessages(random, false);
            for (Class<?> type : REPLIES) {
                byte[] bytes = flipped(CfEncoder.encodeReply((CfReply) messages.make(type)));
                try {
                    var reply = CfDecoder.decodeReply(bytes);
                    // What was accepted is within all limits: it can be encoded again, to the same bytes.
                    assertThat(CfEncoder.encodeReply(reply)).isEqualTo(bytes);
                    accepted++;
                } catch (CfFormatException e) {
                    refused++;
                }
            }
            for (Class<?> type : REQUESTS) {
                var request = (CfRequest) messages.make(type);
                byte[] bytes = flipped(CfEncoder.encodeRequest(messages.make(Caller.class), request));
                try {
                    var call = CfDecoder.decodeRequest(bytes);
                    assertThat(CfEncoder.encodeRequest(call.caller(), call.request())).isEqualTo(bytes);
                    accepted++;
                } catch (CfFormatException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isPositive();
        assertThat(accepted).isPositive();
    }

    @Test
    void randomBytesGiveAMessageOrARefusalAndNothingElse() {
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[2 + random.nextInt(200)];
            random.nextBytes(bytes);
            bytes[0] = CfFormat.VERSION;
            bytes[1] = (byte) (round % 96);
            try {
                CfDecoder.decodeReply(bytes);
            } catch (CfFormatException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
            try {
                CfDecoder.decodeRequest(bytes);
            } catch (CfFormatException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void aCountWithoutItsElementsAllocatesNothing() {
        byte[] bytes = new CfWriter(64)
                .byte1(CfFormat.VERSION)
                .byte1(CfFormat.EXPORTS)
                .int4(CfFormat.EXPORTS_MAX)
                .toBytes();
        assertThatThrownBy(() -> CfDecoder.decodeReply(bytes)).isInstanceOf(CfFormatException.class);
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] bytes = CfEncoder.encodeReply(new CfReply.Dropped());
        bytes[0]++;
        assertThatThrownBy(() -> CfDecoder.decodeReply(bytes))
                .isInstanceOf(CfFormatException.class)
                .hasMessageContaining("version");
    }

    @Test
    void namesWithSlashOrNulOrNothingAreRefused() {
        var messages = new RandomMessages(random, false);
        for (String bad : List.of("", "a/b", "a\0b")) {
            var request = new CfRequest.Lookup(messages.make(FileHandle.class), Name.of(bad));
            byte[] bytes = CfEncoder.encodeRequest(messages.make(Caller.class), request);
            assertThatThrownBy(() -> CfDecoder.decodeRequest(bytes)).isInstanceOf(CfFormatException.class);
        }
    }

    @Test
    void aMessageOverItsLimitsIsABugOfTheSender() {
        var messages = new RandomMessages(random, false);
        var read = new CfRequest.Read(messages.make(FileHandle.class), 0, CfLimits.TRANSFER_BYTES_MAX + 1);
        assertThatThrownBy(() -> CfEncoder.encodeRequest(messages.make(Caller.class), read))
                .isInstanceOf(Check.Failed.class);
        assertThatThrownBy(() -> CfEncoder.encodeReply(CfReply.Failed.of(CfStatus.OK)))
                .isInstanceOf(Check.Failed.class);
    }

    @Test
    void theLocalCallPassesTheSameMessageAndTheSameMemory() {
        var messages = new RandomMessages(random, false);
        var caller = messages.make(Caller.class);
        var request = messages.make(CfRequest.Write.class);
        var reply = messages.make(CfReply.Written.class);
        var payload = MemorySegment.ofArray(new byte[] {1});
        var room = MemorySegment.ofArray(new byte[] {2});
        var lpc = new Lpc((seenCaller, seenRequest, seenPayload, seenRoom) -> {
            assertThat(seenCaller).usingRecursiveComparison().isEqualTo(caller);
            assertThat(seenRequest).isEqualTo(request).isNotSameAs(request);
            assertThat(seenPayload).isSameAs(payload);
            assertThat(seenRoom).isSameAs(room);
            return reply;
        });
        assertThat(lpc.call(caller, request, payload, room)).isEqualTo(reply).isNotSameAs(reply);
    }

    /// Rough: printed, and asserted only so loosely that a shared machine passes; a lookup's call costs about a third
    /// of a microsecond.
    @Test
    void theLocalCallIsCheap() {
        var messages = new RandomMessages(random, true);
        var caller = messages.make(Caller.class);
        var request = messages.make(CfRequest.Lookup.class);
        var reply = messages.make(CfReply.Found.class);
        var lpc = new Lpc((_, _, _, _) -> reply);
        long best = Long.MAX_VALUE;
        Optional<CfReply> last = Optional.empty();
        for (int round = 0; round < 40; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < 5_000; i++) {
                last = Optional.of(lpc.call(caller, request, MemorySegment.NULL, MemorySegment.NULL));
            }
            best = Math.min(best, (System.nanoTime() - start) / 5_000);
        }
        System.out.println("local call: " + best + " ns");
        assertThat(last).contains(reply);
        assertThat(best).isLessThan(20_000);
    }

    private byte[] flipped(byte[] bytes) {
        int flips = 1 + random.nextInt(3);
        for (int i = 0; i < flips; i++) {
            int near = random.nextBoolean() ? Math.min(bytes.length, 64) : bytes.length;
            bytes[random.nextInt(near)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }
}
