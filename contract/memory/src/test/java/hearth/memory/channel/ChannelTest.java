package hearth.memory.channel;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import hearth.base.posix.Descriptors;
import hearth.base.posix.MemoryFiles;
import hearth.base.posix.Sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Messages and descriptors over a real pair of sockets, and any garbage.
class ChannelTest {
    private static final List<ChannelMessage> MESSAGES = List.of(
            new ChannelMessage.Assign("a", 5, 9, 4711, true, List.of("volume=vol0", "", "export=/vol0 ü")),
            new ChannelMessage.Connection(3, new byte[] {127, 0, 0, 1}, 55555),
            new ChannelMessage.Connection(4, new byte[16], 1),
            new ChannelMessage.RequestConsistencyPoint(17),
            new ChannelMessage.Stop(18),
            new ChannelMessage.JournalPiece(5, 0, 3, new byte[] {1, 2, 3}),
            new ChannelMessage.Administer(21, List.of("verb=ListVolumes", "request=ff")),
            new ChannelMessage.Administered(21, 1, List.of("volume ü is not empty")),
            new ChannelMessage.Hello(99, 1),
            new ChannelMessage.Attached(),
            new ChannelMessage.Listening("fast", "all sections fresh"),
            new ChannelMessage.ConnectionTaken(3),
            new ChannelMessage.ConsistencyPointDone(17, false, "disk failed"),
            new ChannelMessage.Stopped(18),
            new ChannelMessage.EventLine("boot.decided plan=fast"),
            new ChannelMessage.FirstReply(),
            new ChannelMessage.JournalWanted(5, 49_152));

    private static void assertSame(ChannelMessage one, ChannelMessage other) {
        assertThat(one).usingRecursiveComparison().isEqualTo(other);
    }

    private static Stream<Class<?>> recordsOf(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(ChannelTest::recordsOf);
    }

    @Test
    void noMessageIsForgottenHere() {
        assertThat(MESSAGES.stream().map(Object::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(recordsOf(ChannelMessage.class).toList());
    }

    @Test
    void everyMessageComesBackAsItWas() throws Exception {
        for (ChannelMessage message : MESSAGES) {
            assertSame(ChannelCodec.decode(ChannelCodec.encode(message)), message);
        }
        assertThat(MESSAGES.stream().map(Object::getClass).distinct()).hasSize(16);
    }

    @Test
    void garbageIsAMessageOrATypedFailure() {
        Random random = new Random(4);
        int failures = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = ChannelCodec.encode(MESSAGES.get(random.nextInt(MESSAGES.size())));
            if (random.nextBoolean()) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 4));
            }
            for (int flips = random.nextInt(3); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                ChannelCodec.decode(bytes);
            } catch (ChannelException e) {
                failures++;
            }
        }
        assertThat(failures).isGreaterThan(1000);
    }

    @Test
    void messagesAndDescriptorsTravelOverAPair() throws Exception {
        int[] pair = Sockets.pair();
        int memory = MemoryFiles.create("channel-test", 4096);
        try (Channel host = new Channel(pair[0]);
                Channel guest = new Channel(pair[1])) {
            List<ChannelMessage> received = new ArrayList<>();
            for (ChannelMessage message : MESSAGES) {
                host.send(message);
                received.add(guest.receive().orElseThrow().message());
            }
            assertThat(received).hasSize(MESSAGES.size());
            assertSame(received.getFirst(), MESSAGES.getFirst());
            host.send(MESSAGES.getFirst(), memory, memory);
            Channel.Received withFds = guest.receive().orElseThrow();
            assertThat(withFds.fds()).hasSize(2);
            assertThat(Descriptors.sizeOf(withFds.fds()[1])).isEqualTo(4096);
            withFds.closeDescriptors();
        } finally {
            Descriptors.close(memory);
        }
    }

    @Test
    void aDeadPeerIsTheEnd() throws Exception {
        int[] pair = Sockets.pair();
        Descriptors.close(pair[0]);
        try (Channel guest = new Channel(pair[1])) {
            assertThat(guest.receive()).isEmpty();
            assertThatThrownBy(() -> guest.send(new ChannelMessage.Attached())).hasMessageContaining("EPIPE");
        }
    }

    @Test
    void aPacketThatIsNoMessageIsRefused() throws Exception {
        int[] pair = Sockets.pair();
        try (Channel guest = new Channel(pair[1]);
                Arena arena = Arena.ofConfined()) {
            Sockets.send(pair[0], arena.allocate(8).fill((byte) 3));
            assertThatThrownBy(guest::receive).isInstanceOf(ChannelException.class);
            Descriptors.close(pair[0]);
        }
    }
}
