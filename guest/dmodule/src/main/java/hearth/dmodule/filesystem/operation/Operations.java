package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.LongSupplier;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.posix.IoVector;
import hearth.cf.Caller;
import hearth.cf.CfDecoder;
import hearth.cf.CfFormatException;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfService;
import hearth.cf.CfStatus;
import hearth.cf.Stability;
import hearth.dmodule.filesystem.core.FsAccess;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.nvlog.DuplicateRequests;
import hearth.dmodule.nvlog.NvLog;
import hearth.memory.cache.FramePins;
import hearth.memory.death.DeathPoint;

/// The D-module's service: every CF call on the file system. Called on virtual threads, any number at once; keeps no
/// state between calls but counters.
///
/// Here and in what every call passes no `switch` matches patterns: each of them makes a class when it is first met,
/// and no ahead-of-time cache keeps it, so the first answers after a restart would wait for them.
public final class Operations implements CfService {
    private static final int STARTS_MAX = 10_000;

    private final FsAccess access;
    private final NvLog log;
    private final LongSupplier writeVerifier;
    private final OperationStatistics statistics = new OperationStatistics();
    private final Mutations mutations;

    /// @param writeVerifier changes when acknowledged but unstable writes may have been lost (the region's word)
    public Operations(FsAccess access, NvLog log, Clock clock, LongSupplier writeVerifier) {
        this.access = access;
        this.log = log;
        this.writeVerifier = writeVerifier;
        mutations = new Mutations(access, log, clock, writeVerifier, statistics);
    }

    public OperationStatistics statistics() {
        return statistics;
    }

    @Override
    public CfReply call(Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
        DeathPoint.called(caller.xid());
        return counted(request instanceof CfRequest.Mutation mutation
                ? mutate(caller, mutation, payload)
                : look(caller, request, room));
    }

    @Override
    public Optional<CfReply> tryCall(
            Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
        DeathPoint.called(caller.xid());
        Optional<CfReply> reply = Optional.empty();
        if (request instanceof CfRequest.Read r) {
            reply = tryRead(caller, r, room);
        } else if (request instanceof CfRequest.Write r) {
            reply = tryWrite(caller, r, payload);
        } else if (request instanceof CfRequest.GetAttributes r) {
            reply = tryLook(caller, r, view -> LookOperations.attributes(view, r));
        } else if (request instanceof CfRequest.Lookup r) {
            reply = tryLook(caller, r, view -> LookOperations.lookup(view, r));
        } else if (request instanceof CfRequest.Access r) {
            reply = tryLook(caller, r, view -> LookOperations.access(view, r));
        } else if (request instanceof CfRequest.FileSystemStatistics r) {
            reply = tryLook(caller, r, view -> LookOperations.statistics(view, r));
        }
        if (reply.isPresent()) {
            counted(reply.get());
        }
        return reply;
    }

    private CfReply counted(CfReply reply) {
        statistics.calls.increment();
        if (reply.status() != CfStatus.OK) {
            statistics.failures.increment();
        }
        return reply;
    }

    private Optional<CfReply> tryLook(Caller caller, CfRequest request, Look<CfReply> look) {
        return glance(caller, request, look).map(Operations::replyOf);
    }

    private Optional<CfReply> tryRead(Caller caller, CfRequest.Read request, MemorySegment room) {
        var seen = glance(caller, request, view -> FileRead.resolve(view, request, room));
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        if (seen.get() instanceof Seen.Failure<FileRead> failure) {
            return Optional.of(failure.reply());
        }
        var read = ((Seen.Value<FileRead>) seen.get()).value();
        if (!read.copyAtHand(access, log)) {
            return Optional.empty();
        }
        statistics.bytesRead.add(read.countBytes());
        return Optional.of(read.reply());
    }

    @Override
    public Optional<CfReply> tryGather(
            Caller caller, CfRequest.Read request, MemorySegment room, IoVector parts) {
        DeathPoint.called(caller.xid());
        var seen = glance(caller, request, view -> FileRead.resolve(view, request, room));
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        if (seen.get() instanceof Seen.Failure<FileRead> failure) {
            return Optional.of(counted(failure.reply()));
        }
        var read = ((Seen.Value<FileRead>) seen.get()).value();
        Check.that(read.blocks() <= parts.room(), "a vector with less room than blocks", parts.room());
        var pins = new FramePins(parts, read.blocks());
        if (read.countBytes() > 0) {
            parts.hold(pins::release);
        }
        if (!read.gatherAtHand(access, log, pins)) {
            parts.release();
            return Optional.empty();
        }
        statistics.bytesRead.add(read.countBytes());
        return Optional.of(counted(read.reply()));
    }

    /// A write that need not be stable is done when it stands in the log.
    private Optional<CfReply> tryWrite(Caller caller, CfRequest.Write request, MemorySegment payload) {
        if (caller.readOnly() || request.stability() != Stability.UNSTABLE) {
            return Optional.empty();
        }
        var lookup = log.duplicates().lookup(caller);
        if (!(lookup instanceof DuplicateRequests.Lookup.New(DuplicateRequests.Ticket ticket))) {
            // Repeats are rare: `call` answers them.
            return Optional.empty();
        }
        try {
            var reply = mutations.tryMutate(caller, ticket.origin(), request, payload);
            if (reply.isPresent() && reply.get() instanceof CfReply.Written written) {
                statistics.bytesWritten.add(written.countBytes());
            }
            return reply;
        } finally {
            log.duplicates().finished(ticket);
        }
    }

    private CfReply mutate(Caller caller, CfRequest.Mutation request, MemorySegment payload) {
        if (caller.readOnly()) {
            return CfReply.Failed.of(CfStatus.READ_ONLY);
        }
        var lookup = log.duplicates().lookup(caller);
        if (lookup instanceof DuplicateRequests.Lookup.Answered(long lsn, byte[] reply)) {
            statistics.repeats.increment();
            return repeat(request, lsn, reply);
        }
        if (!(lookup instanceof DuplicateRequests.Lookup.New(DuplicateRequests.Ticket ticket))) {
            statistics.repeats.increment();
            return new CfReply.Dropped();
        }
        try {
            var reply = mutations.mutate(caller, ticket.origin(), request, payload);
            if (reply instanceof CfReply.Written written) {
                statistics.bytesWritten.add(written.countBytes());
            }
            return reply;
        } finally {
            log.duplicates().finished(ticket);
        }
    }

    /// The first answer again. It may promise stability that was not yet reached when the first asker died.
    private CfReply repeat(CfRequest.Mutation request, long lsn, byte[] bytes) {
        CfReply reply;
        try {
            reply = CfDecoder.decodeReply(bytes);
        } catch (CfFormatException damaged) {
            // Its checksum was right, so it was written so.
            throw Check.failed("recorded reply does not parse: " + damaged.getMessage());
        }
        if (Mutations.mustBeStable(request, reply)) {
            log.awaitStable(lsn);
        }
        return reply;
    }

    private CfReply look(Caller caller, CfRequest request, MemorySegment room) {
        if (request instanceof CfRequest.Read r) {
            return read(caller, r, room);
        } else if (request instanceof CfRequest.GetAttributes r) {
            return retry(caller, r, view -> LookOperations.attributes(view, r));
        } else if (request instanceof CfRequest.Lookup r) {
            return retry(caller, r, view -> LookOperations.lookup(view, r));
        } else if (request instanceof CfRequest.Access r) {
            return retry(caller, r, view -> LookOperations.access(view, r));
        } else if (request instanceof CfRequest.ReadDirectory r) {
            return list(caller, r);
        } else if (request instanceof CfRequest.Commit r) {
            return commit(caller, r);
        } else if (request instanceof CfRequest.ReadLink r) {
            return retry(caller, r, view -> LookOperations.readLink(view, r));
        } else if (request instanceof CfRequest.FileSystemStatistics r) {
            return retry(caller, r, view -> LookOperations.statistics(view, r));
        } else if (request instanceof CfRequest.ListExports r) {
            return retry(caller, r, LookOperations::exports);
        }
        throw Check.failed("a mutation is no look");
    }

    /// A look at the state under the shared lock.
    @FunctionalInterface
    private interface Look<T> {
        T at(View view) throws Refusal, MissingBlock;
    }

    /// What a look came to, or the failure to answer with.
    private sealed interface Seen<T> {
        record Value<T>(T value) implements Seen<T> {}

        record Failure<T>(CfReply reply) implements Seen<T> {}
    }

    private CfReply retry(Caller caller, CfRequest request, Look<CfReply> look) {
        return replyOf(see(caller, request, look));
    }

    private static CfReply replyOf(Seen<CfReply> seen) {
        return seen instanceof Seen.Failure<CfReply> failure
                ? failure.reply()
                : ((Seen.Value<CfReply>) seen).value();
    }

    /// Looks once under the shared lock; empty when a block is missing.
    private <T> Optional<Seen<T>> glance(Caller caller, CfRequest request, Look<T> look) {
        var lock = access.lock();
        lock.shared();
        try {
            return Optional.of(seen(caller, request, look));
        } catch (MissingBlock missing) {
            return Optional.empty();
        } finally {
            lock.leaveShared();
        }
    }

    /// Under the shared lock.
    private <T> Seen<T> seen(Caller caller, CfRequest request, Look<T> look) throws MissingBlock {
        // Looking leaves no traces in times.
        var view = new View(access.state(), caller, 0);
        try {
            return new Seen.Value<>(look.at(view));
        } catch (Refusal refusal) {
            return new Seen.Failure<>(FailureReplies.of(view, request, refusal.status()));
        }
    }

    /// Looks under the shared lock; fetches what is missing without it and looks again.
    private <T> Seen<T> see(Caller caller, CfRequest request, Look<T> look) {
        var lock = access.lock();
        var fetcher = new Fetcher(access);
        for (int start = 0; start < STARTS_MAX; start++) {
            MissingBlock missing;
            lock.shared();
            try {
                return seen(caller, request, look);
            } catch (MissingBlock block) {
                missing = block;
            } finally {
                lock.leaveShared();
            }
            if (!fetcher.fetch(missing.pointer())) {
                return new Seen.Failure<>(CfReply.Failed.of(CfStatus.IO_ERROR));
            }
            statistics.restarts.increment();
        }
        return new Seen.Failure<>(CfReply.Failed.of(CfStatus.TRY_LATER));
    }

    private CfReply list(Caller caller, CfRequest.ReadDirectory request) {
        var listing = new Listing(request);
        var fetcher = new Fetcher(access);
        while (true) {
            var seen = see(caller, request, listing::round);
            if (seen instanceof Seen.Failure<Optional<CfReply>> failure) {
                return failure.reply();
            }
            var page = ((Seen.Value<Optional<CfReply>>) seen).value();
            if (page.isPresent()) {
                return page.get();
            }
            if (!fetcher.fetchAll(listing.missing())) {
                return CfReply.Failed.of(CfStatus.IO_ERROR);
            }
            statistics.restarts.increment();
        }
    }

    private CfReply read(Caller caller, CfRequest.Read request, MemorySegment room) {
        var moved = FileRead.Moved.NOTHING;
        for (int start = 0; start < STARTS_MAX; start++) {
            var seen = see(caller, request, view -> FileRead.resolve(view, request, room));
            if (seen instanceof Seen.Failure<FileRead> failure) {
                return failure.reply();
            }
            var read = ((Seen.Value<FileRead>) seen).value();
            if (read.isAt(moved)) {
                // Its place has not changed, so the bytes there are damaged.
                return CfReply.Failed.of(CfStatus.IO_ERROR);
            }
            try {
                moved = read.copy(access, log);
            } catch (IOException unreadable) {
                return CfReply.Failed.of(CfStatus.IO_ERROR);
            }
            if (moved == FileRead.Moved.NOTHING) {
                statistics.bytesRead.add(read.countBytes());
                return read.reply();
            }
            statistics.restarts.increment();
        }
        return CfReply.Failed.of(CfStatus.TRY_LATER);
    }

    private CfReply commit(Caller caller, CfRequest.Commit request) {
        // The tail at arrival: what is written meanwhile is another COMMIT's business.
        log.awaitStable(log.lastLsn());
        return retry(caller, request, view -> {
            var wcc = view.unchanged(view.node(request.file()));
            return new CfReply.Committed(wcc, writeVerifier.getAsLong());
        });
    }
}
