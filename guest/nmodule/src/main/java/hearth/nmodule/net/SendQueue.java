package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.posix.IoVector;
import hearth.base.posix.PosixException;
import hearth.base.posix.Sockets;

/// The replies of one connection on their way to the kernel. Whoever adds one to an idle queue sends it, and with it
/// what others add meanwhile; when the kernel takes no more, the reactor goes on when it does. So there is never more
/// than one sender, and nobody waits for one.
final class SendQueue {
    private static final int PARTS_MAX = Sockets.PARTS_MAX;

    /// Pieces that the thread of one call sends, its own and those of others, before the reactor goes on.
    private static final int ROUNDS_MAX = 8;

    private final int fd;
    private final StreamBuffer buffer;
    private final Interest interest;
    private final NetStatistics statistics;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    // All guarded by the lock.
    private final ArrayDeque<Outgoing> queue = new ArrayDeque<>();
    private long headSentBytes;
    private State state = State.IDLE;
    private final List<Outgoing> droppedBySender = new ArrayList<>();
    private boolean closed;
    private long progressNs;

    private enum State {
        IDLE,
        /// Someone is sending, outside the lock.
        SENDING,
        /// The kernel takes no more; the reactor is told when it does.
        BLOCKED
    }

    /// A reply: what is sent of `lease`, what of it stands elsewhere, and what to run when the kernel has all of it.
    ///
    /// @param bytes the reply; where `gathered` is present, as long as it, and with its head and its end
    record Outgoing(Lease lease, MemorySegment bytes, Optional<Gathered> gathered, Runnable sent) {
        private void release() {
            gathered.ifPresent(from -> from.pool().giveBack(from.vector()));
            lease.release();
        }
    }

    /// A whole reply in parts, whose unsent bytes are those of the queue's, and where the vector belongs.
    record Gathered(IoVector vector, VectorPool pool) {}

    /// Where the bytes go, and who counts them.
    record Socket(int fd, Interest interest, NetStatistics statistics, Clock clock) {}

    SendQueue(Socket socket, StreamBuffer buffer) {
        this.fd = socket.fd();
        this.interest = socket.interest();
        this.statistics = socket.statistics();
        this.clock = socket.clock();
        this.buffer = buffer;
        this.progressNs = clock.monotonicNs();
    }

    /// Adds a reply and sends what can be sent. The queue owns the lease from here on. Any thread.
    void add(Outgoing reply) throws PosixException {
        keep(reply);
        flush();
    }

    /// Adds a reply that leaves with the next one that is sent, or with `flush`: the caller makes several. The queue
    /// owns the lease from here on. Any thread.
    void keep(Outgoing reply) {
        buffer.append(reply.bytes().byteSize());
        lock.lock();
        try {
            if (closed) {
                reply.release();
                return;
            }
            if (queue.isEmpty()) {
                progressNs = clock.monotonicNs();
            }
            queue.add(reply);
        } finally {
            lock.unlock();
        }
    }

    /// Sends what can be sent, unless somebody is doing so. Any thread.
    void flush() throws PosixException {
        lock.lock();
        try {
            if (closed || queue.isEmpty() || state != State.IDLE) {
                return;
            }
            state = State.SENDING;
        } finally {
            lock.unlock();
        }
        send(ROUNDS_MAX);
    }

    /// The kernel takes bytes again. Reactor's thread, which sends one gathered piece and returns: other connections
    /// wait for it.
    void writable() throws PosixException {
        lock.lock();
        try {
            if (state != State.BLOCKED || closed) {
                return;
            }
            state = State.SENDING;
        } finally {
            lock.unlock();
        }
        send(1);
    }

    /// Drops what is queued and closes the descriptor, at once or by the one who is sending now.
    void close() {
        List<Outgoing> dropped;
        lock.lock();
        try {
            Check.that(!closed, "send queue closed twice");
            closed = true;
            dropped = List.copyOf(queue);
            queue.clear();
            if (state != State.SENDING) {
                interest.closeDescriptor();
            } else {
                // The sender still reads the first ones' memory; it releases them when it comes back.
                droppedBySender.addAll(dropped);
                dropped = List.of();
            }
        } finally {
            lock.unlock();
        }
        dropped.forEach(Outgoing::release);
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return queue.isEmpty() && state == State.IDLE;
        } finally {
            lock.unlock();
        }
    }

    /// Since when replies wait without any byte of them having been taken; `Long.MAX_VALUE` when none wait.
    long waitingSinceNs() {
        lock.lock();
        try {
            return queue.isEmpty() ? Long.MAX_VALUE : progressNs;
        } finally {
            lock.unlock();
        }
    }

    /// Sends up to `rounds` gathered pieces. The caller has set the state to SENDING and so is the only one here.
    private void send(int rounds) throws PosixException {
        for (int round = 0; ; round++) {
            Outgoing[] next = next(round < rounds);
            if (next.length == 0) {
                return;
            }
            long wanted = -headSentBytes;
            for (Outgoing reply : next) {
                wanted += reply.bytes().byteSize();
            }
            long done;
            try {
                done = give(next);
            } catch (PosixException e) {
                failed();
                throw e;
            }
            if (!taken(Math.max(done, 0), done == wanted)) {
                return;
            }
        }
    }

    /// Gives the kernel what is unsent of these replies; only the sender changes how much that is.
    private long give(Outgoing[] replies) throws PosixException {
        var gathered = replies[0].gathered();
        if (gathered.isPresent()) {
            return Sockets.sendVector(fd, gathered.get().vector());
        }
        var parts = new MemorySegment[replies.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = replies[i].bytes();
        }
        parts[0] = parts[0].asSlice(headSentBytes);
        return parts.length == 1 ? Sockets.sendFrom(fd, parts[0]) : Sockets.sendGather(fd, parts);
    }

    /// The first reply if it is in parts, else the first ones that are not; none when the caller's turn ends, and then
    /// it is no longer the sender.
    private Outgoing[] next(boolean goOn) {
        List<Outgoing> dropped;
        lock.lock();
        try {
            if (!closed && goOn && !queue.isEmpty()) {
                var next = new ArrayList<Outgoing>(Math.min(queue.size(), PARTS_MAX));
                for (Outgoing reply : queue) {
                    boolean together = next.isEmpty()
                            || (reply.gathered().isEmpty() && next.getFirst().gathered().isEmpty());
                    if (!together || next.size() == PARTS_MAX) {
                        break;
                    }
                    next.add(reply);
                }
                return next.toArray(new Outgoing[0]);
            }
            dropped = endTurn(queue.isEmpty() ? State.IDLE : State.BLOCKED);
        } finally {
            lock.unlock();
        }
        dropped.forEach(Outgoing::release);
        return new Outgoing[0];
    }

    /// The kernel took `count` bytes. Returns whether the caller goes on sending.
    private boolean taken(long count, boolean all) {
        List<Outgoing> finished = new ArrayList<>(PARTS_MAX);
        List<Outgoing> dropped = List.of();
        lock.lock();
        try {
            long left = count;
            while (!closed && left > 0) {
                long headLeft = queue.getFirst().bytes().byteSize() - headSentBytes;
                if (left < headLeft) {
                    headSentBytes += left;
                    break;
                }
                left -= headLeft;
                headSentBytes = 0;
                finished.add(queue.removeFirst());
            }
            if (count > 0) {
                progressNs = clock.monotonicNs();
            }
            if (!all) {
                dropped = endTurn(State.BLOCKED);
            }
        } finally {
            lock.unlock();
        }
        buffer.consume(count);
        statistics.sent(count);
        for (Outgoing reply : finished) {
            reply.sent().run();
            reply.release();
        }
        dropped.forEach(Outgoing::release);
        return all;
    }

    /// The connection is broken: nothing is sent any more until the reactor closes it.
    private void failed() {
        List<Outgoing> dropped;
        lock.lock();
        try {
            dropped = endTurn(State.BLOCKED);
            interest.write(false);
        } finally {
            lock.unlock();
        }
        dropped.forEach(Outgoing::release);
    }

    /// The caller stops being the sender; with the lock held. Returns what it has to release.
    private List<Outgoing> endTurn(State next) {
        state = next;
        if (closed) {
            interest.closeDescriptor();
            var dropped = List.copyOf(droppedBySender);
            droppedBySender.clear();
            return dropped;
        }
        interest.write(next == State.BLOCKED);
        return List.of();
    }
}
