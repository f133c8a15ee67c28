package hearth.dmodule.nvlog;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import hearth.base.Check;
import hearth.cf.Caller;
import hearth.memory.log.CallIdentity;

/// Whether a mutating call was made before. Any thread; outside the file system's lock.
///
/// A call enters before its past is looked up, so of two at the same time one finds the other: running, or answered.
/// Its record is in the log's map before `finished`, so none slips through between.
public final class DuplicateRequests {
    /// Calls that run at a time; one more is treated like a repeated one: dropped.
    static final int RUNNING_MAX = 1 << 14;

    private final Answers answers;
    private final ConcurrentHashMap<CallIdentity, Ticket> running = new ConcurrentHashMap<>();
    private final LongAdder hits = new LongAdder();

    DuplicateRequests(Answers answers) {
        this.answers = answers;
    }

    /// A call that runs; given back by `finished` when it has its answer or has failed.
    public static final class Ticket {
        private final CallIdentity call;

        private Ticket(CallIdentity call) {
            this.call = call;
        }

        public Origin origin() {
            return new Origin(call);
        }
    }

    public sealed interface Lookup {
        /// Never seen: execute it.
        record New(Ticket ticket) implements Lookup {}

        /// The first one has no answer yet: drop this one.
        record Running() implements Lookup {}

        /// The first answer. To be given when `lsn` is as stable as the call demands.
        record Answered(long lsn, byte[] reply) implements Lookup {}
    }

    /// The same client and xid with another checksum is another call.
    public Lookup lookup(Caller caller) {
        CallIdentity call = Origin.of(caller).call();
        var ticket = new Ticket(call);
        if (!call.isPresent()) {
            return new Lookup.New(ticket);
        }
        if (running.size() >= RUNNING_MAX || running.putIfAbsent(call, ticket) != null) {
            return new Lookup.Running();
        }
        Optional<Answers.Answer> first = answers.find(call);
        if (first.isEmpty()) {
            return new Lookup.New(ticket);
        }
        finished(ticket);
        hits.increment();
        return new Lookup.Answered(first.get().lsn(), first.get().reply());
    }

    /// The call has its answer, or failed without a record.
    public void finished(Ticket ticket) {
        if (ticket.call.isPresent()) {
            Check.that(running.remove(ticket.call, ticket), "a call finished twice", ticket.call.xid());
        }
    }

    /// Repeated calls that got their first answer, in this incarnation.
    public long hits() {
        return hits.sum();
    }

    public int running() {
        return running.size();
    }
}
