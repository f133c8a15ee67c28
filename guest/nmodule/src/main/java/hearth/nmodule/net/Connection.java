package hearth.nmodule.net;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import hearth.nmodule.net.RecordService.PreparedCall;

/// One adopted connection. Fields that are not volatile or atomic belong to the reactor's thread.
final class Connection {
    final long id;
    final int fd;
    final byte[] peerAddress;
    final Interest interest;
    final StreamBuffer input;
    final StreamBuffer output;
    final RecordAssembler records;
    final SendQueue replies;

    /// Calls started and not finished.
    final AtomicInteger inFlight = new AtomicInteger();

    /// Set while the connection waits in the reactor's queue.
    final AtomicBoolean attention = new AtomicBoolean();

    /// Not read from, because a bound was reached; set before the attempt that finds it still reached.
    volatile boolean stalled;

    /// The client ended its side, or the server is stopping: closed when all that runs has been answered.
    volatile boolean draining;

    /// A send failed: to be closed.
    volatile boolean broken;

    /// Whether what it waits for can also come from other connections.
    boolean waitsForOthers;

    /// Bytes of replies made on the reactor's thread since it last sent some.
    long keptBytes;

    long stalledSinceNs;
    long receivedNs;

    /// Received and not yet started, because a bound was reached.
    Optional<Pending> pending = Optional.empty();

    record Pending(PreparedCall call, Lease record) {}

    /// `released` is told, on any thread, whenever memory of the connection went back.
    Connection(
            long id,
            byte[] peerAddress,
            NetLimits limits,
            BufferPool inputPool,
            BufferPool outputPool,
            SendQueue.Socket socket,
            Consumer<Connection> released) {
        this.id = id;
        this.peerAddress = peerAddress;
        this.fd = socket.fd();
        this.interest = socket.interest();
        Runnable giveBack = () -> released.accept(this);
        long twoRecords = 2L * limits.recordBytesMax();
        input = new PrivateStreamBuffer(inputPool, limits.receivePerConnectionBytesMax(), twoRecords, 0, giveBack);
        output = new PrivateStreamBuffer(
                outputPool, limits.sendPerConnectionBytesMax(), 0, limits.sendBytesMax() / 4, giveBack);
        records = new RecordAssembler(input, limits.recordBytesMax());
        replies = new SendQueue(socket, output);
    }

    /// Nothing runs and nothing is to be sent.
    boolean isQuiet() {
        return inFlight.get() == 0 && replies.isEmpty();
    }

    /// Whether enough went back since a bound of its own was reached to be worth another attempt.
    boolean hasRoomAgain(NetLimits limits) {
        int running = inFlight.get();
        return running == 0
                || (running <= limits.inFlightPerConnectionMax() / 2
                        && output.leasedBytes() <= limits.sendPerConnectionBytesMax() / 2
                        && input.leasedBytes() <= limits.receivePerConnectionBytesMax() / 2);
    }

    /// Memory held, in both directions.
    long leasedBytes() {
        return input.leasedBytes() + output.leasedBytes();
    }
}
