package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.posix.IoVector;
import hearth.base.posix.PosixException;
import hearth.nmodule.net.Connection.Pending;

/// Starts calls within the bounds. What can be answered without waiting is answered on the reactor's thread at once,
/// and its reply stays in the connection's queue until the reactor has seen to all that came with it; the others run
/// each on a virtual thread. Replies leave in the order in which they complete.
final class CallRunner {
    private static final int RECORD_MARK_BYTES = 4;
    private static final int LAST_FRAGMENT = 1 << 31;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Reactor reactor;
    private final Clock clock;
    private final NetLimits limits;
    private final FatalHandler fatal;
    private final NetStatistics statistics;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final VectorPool vectors = new VectorPool();

    // The reactor's thread only.
    private int slotHint;
    private IoVector parts = vectors.take();

    /// Whether a call could be started, and if not, whose release may change that.
    enum Admission {
        STARTED,
        OWN,
        OTHERS
    }

    CallRunner(Reactor reactor, Clock clock, NetLimits limits, FatalHandler fatal, NetStatistics statistics) {
        this.reactor = reactor;
        this.clock = clock;
        this.limits = limits;
        this.fatal = fatal;
        this.statistics = statistics;
    }

    /// Starts the connection's pending call if every bound allows it: then memory for the whole reply is leased.
    /// Reactor's thread.
    Admission tryStart(Connection connection) {
        if (connection.inFlight.get() >= limits.inFlightPerConnectionMax()) {
            return Admission.OWN;
        }
        if (inFlight.get() >= limits.inFlightMax()) {
            return Admission.OTHERS;
        }
        var pending = connection.pending.orElseThrow();
        int replyBytes = RECORD_MARK_BYTES + pending.call().replyBytesMax();
        Optional<Lease> room = connection.output.lease(replyBytes);
        if (room.isEmpty()) {
            return connection.output.exceedsOwnBound(replyBytes) ? Admission.OWN : Admission.OTHERS;
        }
        connection.pending = Optional.empty();
        int slot = statistics.started(slotHint, clock.monotonicNs());
        slotHint = slot + 1 == limits.inFlightMax() ? 0 : slot + 1;
        if (!answerAtOnce(connection, pending, room.get(), slot)) {
            connection.inFlight.incrementAndGet();
            inFlight.incrementAndGet();
            Thread.startVirtualThread(() -> run(connection, pending, room.get(), slot));
        }
        return Admission.STARTED;
    }

    /// False when the call would have to wait for something.
    private boolean answerAtOnce(Connection connection, Pending pending, Lease room, int slot) {
        int replyBytes = pending.call().tryAnswer(replyRoom(pending, room), parts);
        if (replyBytes == RecordService.WOULD_WAIT) {
            return false;
        }
        pending.record().release();
        if (replyBytes == RecordService.NO_REPLY) {
            room.release();
        } else {
            var reply = parts.byteSize() > 0
                    ? gathered(pending, room, replyBytes)
                    : outgoing(pending, room, replyBytes);
            connection.replies.keep(reply);
            connection.keptBytes += replyBytes;
        }
        statistics.ended(slot);
        return true;
    }

    /// The reply whose data is in `parts`: before it the reply's head, behind it the padding.
    private SendQueue.Outgoing gathered(Pending pending, Lease room, int replyBytes) {
        var vector = parts;
        parts = vectors.take();
        long dataBytes = vector.byteSize();
        long paddingBytes = -dataBytes & 3;
        var bytes = marked(pending, room, replyBytes);
        if (paddingBytes > 0) {
            vector.add(bytes, bytes.byteSize() - paddingBytes, paddingBytes);
        }
        vector.head(bytes.asSlice(0, bytes.byteSize() - paddingBytes - dataBytes));
        return new SendQueue.Outgoing(
                room, bytes, Optional.of(new SendQueue.Gathered(vector, vectors)), pending.call()::sent);
    }

    private static MemorySegment replyRoom(Pending pending, Lease room) {
        return room.memory().asSlice(RECORD_MARK_BYTES, pending.call().replyBytesMax());
    }

    /// Whether no call runs.
    boolean isIdle() {
        return inFlight.get() == 0;
    }

    private void run(Connection connection, Pending pending, Lease room, int slot) {
        try {
            var call = pending.call();
            int replyBytes = call.answer(replyRoom(pending, room));
            pending.record().release();
            if (replyBytes == RecordService.NO_REPLY) {
                room.release();
            } else {
                send(connection, pending, room, replyBytes);
            }
            statistics.ended(slot);
            inFlight.decrementAndGet();
            connection.inFlight.decrementAndGet();
            reactor.released(connection);
        } catch (Throwable t) {
            fatal.fatal("call", t);
        }
    }

    private static SendQueue.Outgoing outgoing(Pending pending, Lease room, int replyBytes) {
        return new SendQueue.Outgoing(
                room, marked(pending, room, replyBytes), Optional.empty(), pending.call()::sent);
    }

    /// The reply with the record mark in front of it.
    private static MemorySegment marked(Pending pending, Lease room, int replyBytes) {
        Check.that(replyBytes <= pending.call().replyBytesMax(), "reply over its announced size", replyBytes);
        room.memory().set(INT, 0, LAST_FRAGMENT | replyBytes);
        return room.memory().asSlice(0, RECORD_MARK_BYTES + (long) replyBytes);
    }

    private static void send(Connection connection, Pending pending, Lease room, int replyBytes) {
        try {
            connection.replies.add(outgoing(pending, room, replyBytes));
        } catch (PosixException e) {
            // The client is gone or reset the connection; the reactor closes it.
            connection.broken = true;
        }
    }
}
