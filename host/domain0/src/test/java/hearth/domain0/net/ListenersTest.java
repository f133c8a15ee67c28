package hearth.domain0.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Epoll;
import hearth.base.posix.Sockets;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: no connect is refused, whatever happens to guests, and no connection is shared by two of them.
/// Method: real sockets; the test is the guest at the other end of the channel.
class ListenersTest {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<Socket> clients = new ArrayList<>();
    private Listeners listeners;
    private Guest guest;

    /// A guest's end of a channel, and domain 0's.
    private static final class Guest implements AutoCloseable {
        private final Channel host;
        private final Channel own;

        Guest() throws IOException {
            int[] pair = Sockets.pair();
            host = new Channel(pair[0]);
            own = new Channel(pair[1]);
        }

        Channel.Received next() throws IOException {
            return own.receive().orElseThrow();
        }

        @Override
        public void close() {
            own.close();
            host.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        listeners = Listeners.open("a", List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                Clock.SYSTEM, events::add);
        guest = new Guest();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        listeners.close();
        guest.close();
    }

    private Socket connect() throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), listeners.addresses().getFirst().getPort());
        client.setSoTimeout(20_000);
        clients.add(client);
        return client;
    }

    /// Receives one byte on a descriptor that does not block.
    private static byte receive(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int epoll = Epoll.create();
            Epoll.add(epoll, fd, Epoll.EPOLLIN, 0);
            Epoll.await(epoll, arena.allocate(Epoll.EVENT_SIZE, Long.BYTES), 1, 20_000);
            Descriptors.close(epoll);
            MemorySegment one = arena.allocate(1);
            assertThat(Sockets.receiveInto(fd, one)).isEqualTo(1);
            return one.get(ValueLayout.JAVA_BYTE, 0);
        }
    }

    @Test
    void connectionsThatComeBeforeAGuestListensWaitForIt() throws IOException {
        for (int i = 0; i < 100; i++) {
            connect().getOutputStream().write(i);
        }
        listeners.serve(guest.host);
        for (int i = 0; i < 100; i++) {
            Channel.Received received = guest.next();
            var connection = (ChannelMessage.Connection) received.message();
            assertThat(connection.peerAddress()).containsExactly(127, 0, 0, 1);
            assertThat(receive(received.fds()[0])).isEqualTo((byte) i);
            received.closeDescriptors();
            listeners.taken(connection.id());
        }
    }

    @Test
    void whatTheGuestHasTakenIsItsOwn() throws IOException {
        listeners.serve(guest.host);
        Socket client = connect();
        Channel.Received received = guest.next();
        listeners.taken(((ChannelMessage.Connection) received.message()).id());
        received.closeDescriptors();
        assertThat(client.getInputStream().read()).as("no duplicate keeps it open").isEqualTo(-1);
        listeners.suspend();
        assertThat(listeners.resetUnacknowledged()).isZero();
    }

    @Test
    void whatADeadGuestHadTouchedIsResetAndWhatItHadNotGoesToTheNext() throws IOException {
        listeners.serve(guest.host);
        Socket touched = connect();
        touched.getOutputStream().write(1);
        Channel.Received first = guest.next();
        assertThat(receive(first.fds()[0])).isEqualTo((byte) 1);
        Socket untouched = connect();
        untouched.getOutputStream().write(new byte[] {2, 3});
        Channel.Received second = guest.next();

        first.closeDescriptors();
        second.closeDescriptors();
        listeners.suspend();
        assertThat(listeners.resetUnacknowledged()).isEqualTo(1);
        assertThatThrownBy(() -> assertThat(touched.getInputStream().read()).isEqualTo(-2))
                .hasMessageContaining("reset");

        try (Guest next = new Guest()) {
            listeners.serve(next.host);
            Channel.Received again = next.next();
            assertThat(receive(again.fds()[0])).isEqualTo((byte) 2);
            assertThat(receive(again.fds()[0])).isEqualTo((byte) 3);
            again.closeDescriptors();
            listeners.suspend();
        }
    }

    @Test
    void aConnectionThatMeetsADeadChannelGoesToTheNextGuest() throws IOException {
        try (Guest dead = new Guest()) {
            Sockets.shutdown(dead.own.fd());
            listeners.serve(dead.host);
            connect().getOutputStream().write(5);
            listeners.serve(dead.host);
            connect().getOutputStream().write(5);
        }
        listeners.serve(guest.host);
        for (int i = 0; i < 2; i++) {
            Channel.Received received = guest.next();
            assertThat(receive(received.fds()[0])).isEqualTo((byte) 5);
            received.closeDescriptors();
        }
    }

    @Test
    void anAddressThatIsTakenIsSaid() {
        assertThatThrownBy(() -> Listeners.open("b", listeners.addresses(), Clock.SYSTEM, events::add))
                .isInstanceOf(ListenException.class).hasMessageContaining("EADDRINUSE");
    }
}
