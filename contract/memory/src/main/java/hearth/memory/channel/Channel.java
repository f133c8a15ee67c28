package hearth.memory.channel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

import hearth.base.posix.Descriptors;
import hearth.base.posix.Sockets;

/// One end of the channel: a SOCK_SEQPACKET descriptor, which it owns. Calls block: platform threads only. Any thread
/// may send; one receives.
public final class Channel implements AutoCloseable {
    /// Most descriptors beside one message.
    public static final int DESCRIPTORS_MAX = 16;

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(ChannelCodec.BYTES_MAX, Long.BYTES);
    private final Object sending = new Object();

    public Channel(int fd) {
        this.fd = fd;
    }

    /// A message with the descriptors that came beside it; they are the receiver's.
    public record Received(ChannelMessage message, int[] fds) {
        /// Closes the descriptors, when nobody wants them.
        public void closeDescriptors() {
            for (int descriptor : fds) {
                Descriptors.close(descriptor);
            }
        }
    }

    public int fd() {
        return fd;
    }

    /// Sends one message; the descriptors stay the sender's. Throws when the other side is gone.
    public void send(ChannelMessage message, int... fds) throws IOException {
        byte[] bytes = ChannelCodec.encode(message);
        try (Arena once = Arena.ofConfined()) {
            MemorySegment packet = once.allocate(bytes.length, Long.BYTES);
            MemorySegment.copy(bytes, 0, packet, ValueLayout.JAVA_BYTE, 0, bytes.length);
            synchronized (sending) {
                Sockets.send(fd, packet, fds);
            }
        }
    }

    /// Waits for the next message; empty when the other side has closed or died. A packet that is no message throws
    /// `ChannelException`, its descriptors closed.
    public Optional<Received> receive() throws IOException {
        Sockets.Received packet = Sockets.receive(fd, buffer, DESCRIPTORS_MAX);
        if (packet.length() == 0) {
            return Optional.empty();
        }
        byte[] bytes = new byte[packet.length()];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        try {
            return Optional.of(new Received(ChannelCodec.decode(bytes), packet.fds()));
        } catch (ChannelException e) {
            for (int descriptor : packet.fds()) {
                Descriptors.close(descriptor);
            }
            throw e;
        }
    }

    /// Closes the descriptor. Nobody is sending or receiving any more.
    @Override
    public void close() {
        Descriptors.close(fd);
        arena.close();
    }
}
