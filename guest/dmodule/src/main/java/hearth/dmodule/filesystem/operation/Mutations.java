package hearth.dmodule.filesystem.operation;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.LongSupplier;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.cf.Caller;
import hearth.cf.CfEncoder;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Stability;
import hearth.dmodule.filesystem.core.FsAccess;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.nvlog.NvLog;
import hearth.dmodule.nvlog.Origin;

/// The way of a mutation from its plan to its stable record. Any number of virtual threads; plans are made and carried
/// out one at a time under the exclusive lock.
final class Mutations {
    /// Bound on starting over, far above what a cold cache needs: then the client is asked to come back.
    private static final int STARTS_MAX = 10_000;

    /// Consistency points that a volume at its limit waits for, so that facts replace estimates; others go on writing.
    private static final int LIMIT_TRIES_MAX = 2;

    private final FsAccess access;
    private final NvLog log;
    private final Clock clock;
    private final LongSupplier writeVerifier;
    private final OperationStatistics statistics;
    private final FileBytes files;
    private final Scratch scratch = new Scratch();
    private final ChangePlanner changes;
    private final CreatePlanner creates;
    private final EffectApplier applier;

    Mutations(
            FsAccess access,
            NvLog log,
            Clock clock,
            LongSupplier writeVerifier,
            OperationStatistics statistics) {
        this.access = access;
        this.log = log;
        this.clock = clock;
        this.writeVerifier = writeVerifier;
        this.statistics = statistics;
        files = new FileBytes(access, log);
        changes = new ChangePlanner(files, scratch);
        creates = new CreatePlanner(changes);
        applier = new EffectApplier(access.state().applying());
    }

    /// What one hold of the lock came to.
    private sealed interface Attempt {
        /// Recorded and applied.
        record Done(CfReply reply, long lsn) implements Attempt {}

        /// Answered without a record.
        record Answered(CfReply reply) implements Attempt {}

        /// A block has to be fetched.
        record Missing(BlockPointer pointer) implements Attempt {}

        /// The plan needs more space than there is now.
        record NeedsSpace(Plan plan) implements Attempt {}

        /// The plan would take its volume beyond its limit, as far as estimates say.
        record OverLimit(CfReply refusal) implements Attempt {}

        /// The log has no room for the record now.
        record NeedsLog(int bodyBytes, int payloadBytes, int indexKeys) implements Attempt {}
    }

    CfReply mutate(Caller caller, Origin origin, CfRequest.Mutation request, MemorySegment payload) {
        var planner = planner(request, payload);
        access.admit();
        var fetcher = new Fetcher(access);
        boolean spaceTried = false;
        int limitTries = 0;
        for (int start = 0; start < STARTS_MAX; start++) {
            var attempt = attempt(caller, origin, request, planner, spaceTried);
            if (attempt instanceof Attempt.Done done) {
                if (mustBeStable(request, done.reply())) {
                    log.awaitStable(done.lsn());
                }
                return done.reply();
            } else if (attempt instanceof Attempt.Answered answered) {
                return answered.reply();
            } else if (attempt instanceof Attempt.Missing missing) {
                if (!fetcher.fetch(missing.pointer())) {
                    return CfReply.Failed.of(CfStatus.IO_ERROR);
                }
            } else if (attempt instanceof Attempt.NeedsSpace needs) {
                spaceTried = !access.makeRoom(needs.plan().costBlocks(), needs.plan().use());
            } else if (attempt instanceof Attempt.OverLimit over) {
                if (limitTries++ == LIMIT_TRIES_MAX) {
                    return over.refusal();
                }
                access.awaitConsistencyPoint("limit");
            } else {
                var needs = (Attempt.NeedsLog) attempt;
                log.awaitRoom(needs.bodyBytes(), needs.payloadBytes(), needs.indexKeys());
            }
            statistics.restarts.increment();
        }
        return CfReply.Failed.of(CfStatus.TRY_LATER);
    }

    /// The same if one hold of the lock is enough and nothing has to be waited for; empty, and nothing done, otherwise.
    /// For mutations that need not be stable.
    Optional<CfReply> tryMutate(Caller caller, Origin origin, CfRequest.Mutation request, MemorySegment payload) {
        if (!access.tryAdmit()) {
            return Optional.empty();
        }
        var attempt = attempt(caller, origin, request, planner(request, payload), false);
        if (attempt instanceof Attempt.Done done) {
            Check.that(!mustBeStable(request, done.reply()), "a stable change was tried without waiting");
            return Optional.of(done.reply());
        }
        return attempt instanceof Attempt.Answered answered ? Optional.of(answered.reply()) : Optional.empty();
    }

    /// A failure has changed nothing, so nothing of it can be lost.
    static boolean mustBeStable(CfRequest.Mutation request, CfReply reply) {
        boolean unstable = request instanceof CfRequest.Write write && write.stability() == Stability.UNSTABLE;
        return !unstable && reply.status() == CfStatus.OK;
    }

    private Planner planner(CfRequest.Mutation request, MemorySegment payload) {
        if (request instanceof CfRequest.Write r) {
            return new WritePlanner(r, payload, files, scratch, writeVerifier.getAsLong());
        } else if (request instanceof CfRequest.Change r) {
            return view -> changes.plan(view, r);
        } else if (request instanceof CfRequest.Create r) {
            return view -> creates.create(view, r);
        } else if (request instanceof CfRequest.Remove r) {
            return view -> NamePlanner.remove(view, r);
        } else if (request instanceof CfRequest.Rename r) {
            return view -> RenamePlanner.plan(view, r);
        } else if (request instanceof CfRequest.MakeDirectory r) {
            return view -> creates.makeDirectory(view, r);
        } else if (request instanceof CfRequest.RemoveDirectory r) {
            return view -> NamePlanner.removeDirectory(view, r);
        } else if (request instanceof CfRequest.Link r) {
            return view -> NamePlanner.link(view, r);
        } else if (request instanceof CfRequest.SymbolicLink r) {
            return view -> creates.symbolicLink(view, r);
        } else if (request instanceof CfRequest.MakeNode r) {
            return view -> creates.makeNode(view, r);
        }
        throw Check.failed("a mutation that nobody plans");
    }

    private Attempt attempt(
            Caller caller, Origin origin, CfRequest.Mutation request, Planner planner, boolean spaceTried) {
        long nowNs = clock.wallNs();
        var lock = access.lock();
        lock.exclusive();
        try {
            var view = new View(access.state(), caller, nowNs);
            Plan plan;
            try {
                plan = planner.plan(view);
            } catch (Refusal refusal) {
                return refused(view, origin, request, refusal.status());
            }
            if (!access.state().space().fits(plan.costBlocks(), plan.use())) {
                return spaceTried
                        ? new Attempt.Answered(FailureReplies.of(view, request, CfStatus.NO_SPACE))
                        : new Attempt.NeedsSpace(plan);
            }
            if (!VolumeLimit.admits(view, plan)) {
                var refusal = FailureReplies.of(view, request, CfStatus.NO_SPACE);
                return VolumeLimit.couldAdmit(view, plan)
                        ? new Attempt.OverLimit(refusal)
                        : new Attempt.Answered(refusal);
            }
            return record(origin, plan);
        } catch (MissingBlock missing) {
            return new Attempt.Missing(missing.pointer());
        } finally {
            lock.leaveExclusive();
        }
    }

    /// A refusal is recorded too: another client's change could turn it into a success, and a late repeat of the call
    /// must not do what its caller was told had failed. What names no file is refused the same way for ever.
    private Attempt refused(View view, Origin origin, CfRequest.Mutation request, CfStatus status) {
        var reply = FailureReplies.of(view, request, status);
        var volume = CfRequest.handleOf(request).flatMap(handle -> view.state().volume(handle.volumeId()));
        if (status == CfStatus.STALE || status == CfStatus.BAD_HANDLE || volume.isEmpty()) {
            return new Attempt.Answered(reply);
        }
        return record(origin, Plan.shrink(Effect.none(volume.get().id()), reply, 0));
    }

    private Attempt record(Origin origin, Plan plan) {
        byte[] effect = EffectCodec.encode(plan.effect());
        byte[] reply = CfEncoder.encodeReply(plan.reply());
        Check.that(reply.length <= CfReply.MUTATION_MAX_BYTES, "reply too long for its record", reply.length);
        var keys = EffectKeys.of(plan.effect());
        int payloadBytes = plan.payloadBytes();
        int bodyBytes = effect.length + reply.length;
        if (!log.roomFor(bodyBytes, payloadBytes, keys.size())) {
            return new Attempt.NeedsLog(bodyBytes, payloadBytes, keys.size());
        }
        // From here on nothing fails: the record is the truth, and the heap follows it.
        var position = log.append(origin, effect, plan.payload(), reply);
        applier.apply(plan.effect(), position.payloadRef());
        log.index(position, keys);
        return new Attempt.Done(plan.reply(), position.lsn());
    }
}
