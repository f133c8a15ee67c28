package hearth.dmodule.nvlog;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.memory.index.DirtyIndex;
import hearth.memory.index.DirtyKey;
import hearth.memory.log.HalfHeader;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogWriter;
import hearth.memory.log.RecordCodec;
import hearth.memory.log.RecordLayout;

/// The NVLOG as the file system uses it. A new one stands on what its predecessor left; `replay` comes first, then
/// records are appended.
///
/// Under the file system's exclusive lock: `roomFor`, `append`, `index`, `freeze`. By the one consistency point that
/// runs, outside the lock: `durable`. Anyone: the rest.
///
/// Invariants: see the package. LSNs of one log grow by one with each append; `freeze` and `durable` never go back.
public final class NvLog {
    /// Part of half, index or answer map that is used when a consistency point is asked for.
    private static final int FILL_PERCENT = 50;

    /// How long a thread waits for a stable position before a consistency point is asked for as well.
    private static final long SLOW_JOURNAL_NS = TimeUnit.SECONDS.toNanos(1);

    /// Bytes not yet stable from which on who waits for them is served by a consistency point.
    private static final long LARGE_BACKLOG_BYTES = 8L * Units.MIB;
    private static final int LARGE_PART_OF_HALF = 4;

    /// The only record type so far: reply, then an effect in the D-module's own format.
    private static final short TYPE_EFFECT = 1;

    private final LogArea area;
    private final List<DirtyIndex> indexes;
    private final NvLogParts parts;
    private final long incarnation;
    private final Clock clock;
    private final Event.Sink events;
    private final Answers answers;
    private final DuplicateRequests duplicates;
    private final StableWaiters waiters = new StableWaiters();
    private final LogRoom room = new LogRoom();
    private final Backlog backlog = new Backlog();
    private volatile ConsistencyPointRequests requests =
            reason -> Check.that(false, "a consistency point is wanted before anyone makes one");
    private @Nullable LogWriter writer;
    private byte[] image = new byte[2 * Units.KIB];
    private boolean fillRequested;
    private volatile long lastLsn;
    private volatile long usedBytes;
    private volatile long appendedBytes;
    private long unreplayedEndLsn;
    private boolean lossAccepted;
    private long lostFromLsn;
    private volatile long fetchedRecords;
    private long slowRequestedNs;

    /// `incarnation` is this guest's; its records carry it.
    public NvLog(NvLogParts parts, long incarnation, Clock clock, Event.Sink events) {
        this.parts = parts;
        this.area = parts.area();
        this.indexes = List.of(parts.index0(), parts.index1());
        this.incarnation = incarnation;
        this.clock = clock;
        this.events = events;
        this.answers = new Answers(area, parts.duplicates(), clock, events);
        this.duplicates = new DuplicateRequests(answers);
    }

    /// Whom to ask for consistency points; told once, before the first append.
    public void askForConsistencyPoints(ConsistencyPointRequests requests) {
        this.requests = requests;
    }

    public DuplicateRequests duplicates() {
        return duplicates;
    }

    // Replay.

    /// Walks all acknowledged records, applies those above `afterLsn` (the last LSN that the mounted, durable fsinfo
    /// includes) and then opens the log for appending. After [ReplayOutcome.Damaged] or [ReplayOutcome.Poisoned] it is
    /// not open: replay again when the log was mended, or `acceptLoss`.
    ///
    /// @throws NvLogException the area is not this region's log
    /// @throws IOException from the replayer
    public ReplayOutcome replay(long afterLsn, Replayer replayer) throws IOException {
        return replay(afterLsn, replayer, FlushedRecords.NONE);
    }

    /// The same; flushed records that are damaged in the region are put back as `journal` has them.
    public ReplayOutcome replay(long afterLsn, Replayer replayer, FlushedRecords journal) throws IOException {
        Check.that(writer == null, "the log is open already");
        Optional<String> complaint = area.complaint();
        if (complaint.isPresent()) {
            throw new NvLogException(complaint.get());
        }
        // Never below what the host flushed, whatever became of our own word.
        long endLsn = Math.max(area.committedLsn(), parts.flushed().flushedLsn());
        if (afterLsn > endLsn) {
            events.accept(Event.of(clock, "nvlog.behind", "last_lsn", endLsn, "fsinfo_lsn", afterLsn));
            area.durable(afterLsn);
            startOver(afterLsn + 1);
            return new ReplayOutcome.Replayed(0, 0, afterLsn);
        }
        clearIndexes();
        var walk = new LogReplay(area, answers, afterLsn, endLsn, parts.flushed(), journal);
        // No `switch` over patterns here and in `append`: it makes a class when first met, which a restart waits for.
        var walked = walk.run(replayer);
        fetchedRecords = walk.fetched();
        if (fetchedRecords > 0) {
            events.accept(Event.of(clock, "log.records-fetched", "records", fetchedRecords));
        }
        if (walked instanceof LogReplay.Walk.Stopped(ReplayOutcome outcome)) {
            unreplayedEndLsn = endLsn;
            lostFromLsn = outcome instanceof ReplayOutcome.Damaged damaged ? damaged.lsn() : endLsn + 1;
            return outcome;
        }
        if (walked instanceof LogReplay.Walk.Done(LogReader.Position end)) {
            open(new LogWriter(area, incarnation, end));
        } else {
            startOver(endLsn + 1);
        }
        return new ReplayOutcome.Replayed(walk.records(), walk.bytes(), endLsn);
    }

    /// The records that `replay` could not apply are given up. The caller has declared the loss (the write verifier
    /// changes) and now makes a consistency point; until it is durable nothing can be appended.
    public void acceptLoss() {
        Check.that(writer == null && unreplayedEndLsn > 0, "there is no loss to accept");
        events.accept(Event.of(clock, "nvlog.loss-accepted", "last_lsn", unreplayedEndLsn));
        lossAccepted = true;
        lastLsn = unreplayedEndLsn;
    }

    /// Replay fills the indexes from the records: what stands in them may have been struck while no guest ran.
    private void clearIndexes() {
        for (int half = 0; half < indexes.size(); half++) {
            Optional<HalfHeader> header = area.half(half);
            if (header.isPresent()) {
                indexes.get(half).clear(header.get().startLsn());
            }
        }
    }

    /// Damaged records that the journal gave back to `replay`.
    public long fetchedRecords() {
        return fetchedRecords;
    }

    /// Damaged entries met in the duplicate-request table, in this incarnation.
    public long refusedAnswers() {
        return parts.duplicates().refused();
    }

    private void startOver(long nextLsn) {
        Runnable clear = () -> clearHalf(0, nextLsn);
        open(LogWriter.startOver(area, incarnation, nextLsn, clear));
    }

    private void clearHalf(int half, long nextLsn) {
        indexes.get(half).clear(nextLsn);
        answers.clear(half);
    }

    private void open(LogWriter opened) {
        writer = opened;
        roomChanged();
    }

    // Appending, under the file system's lock.

    /// True when a record of these lengths can be appended now. `bodyBytes` is effect and reply together.
    public boolean roomFor(int bodyBytes, int payloadBytes, int indexKeys) {
        return writer != null && room.has(bodyBytes, payloadBytes, indexKeys);
    }

    /// Waits outside the lock until `roomFor` may be true, and asks for consistency points meanwhile.
    public void awaitRoom(int bodyBytes, int payloadBytes, int indexKeys) {
        Check.that(RecordCodec.length(bodyBytes, payloadBytes) <= area.halfBytes(), "larger than a half", payloadBytes);
        Check.that(indexKeys <= indexes.getFirst().limit(), "more keys than the index takes", indexKeys);
        room.await(bodyBytes, payloadBytes, indexKeys,
                () -> requests.request(ConsistencyPointRequests.Reason.LOG_FULL));
    }

    /// Appends a record: from here on it is acknowledged to readers and successors. There is room, or it is a bug.
    /// `payload` may be [MemorySegment#NULL].
    public Position append(Origin origin, byte[] effect, MemorySegment payload, byte[] reply) {
        return append(origin, effect, payload.byteSize() == 0 ? List.of() : List.of(payload), reply);
    }

    /// The same with a payload of several pieces, one behind the other.
    public Position append(Origin origin, byte[] effect, List<MemorySegment> payload, byte[] reply) {
        long payloadBytes = 0;
        for (MemorySegment piece : payload) {
            payloadBytes += piece.byteSize();
        }
        Check.that(payloadBytes <= RecordLayout.PAYLOAD_BYTES_MAX, "payload is too long", payloadBytes);
        int bodyBytes = reply.length + effect.length;
        LogWriter.Claim claim = openWriter().claim(bodyBytes, (int) payloadBytes);
        if (!(claim instanceof LogWriter.Claim.Claimed(LogWriter.OpenRecord record))) {
            throw Check.failed("append without room");
        }
        int at = 0;
        for (MemorySegment piece : payload) {
            record.payload(at, piece, 0, (int) piece.byteSize());
            at += (int) piece.byteSize();
        }
        fill(record, origin, effect, reply);
        record.commit();
        backlog.appended(RecordCodec.length(bodyBytes, (int) payloadBytes));
        answers.add(origin.call(), record.half(), record.position());
        countAppended(RecordCodec.length(bodyBytes, (int) payloadBytes));
        roomChanged();
        askWhenFilling();
        return new Position(record.lsn(), record.half(), record.halfGeneration(), record.position(),
                PayloadRef.of(record.half(), record.halfGeneration(), record.payloadPosition()));
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer: who holds the exclusive lock
    private void countAppended(long bytes) {
        appendedBytes += bytes;
    }

    private void fill(LogWriter.OpenRecord record, Origin origin, byte[] effect, byte[] reply) {
        int bytes = RecordLayout.HEADER_BYTES + reply.length + effect.length;
        if (image.length < bytes) {
            image = new byte[Math.max(bytes, 2 * image.length)];
        }
        System.arraycopy(reply, 0, image, RecordLayout.HEADER_BYTES, reply.length);
        System.arraycopy(effect, 0, image, RecordLayout.HEADER_BYTES + reply.length, effect.length);
        record.fill(TYPE_EFFECT, (short) 0, origin.call(), image, reply.length);
    }

    /// Notes what the record at `position` changed. The n-th data key is for block n of the payload.
    public void index(Position position, List<DirtyKey> keys) {
        DirtyIndex index = indexes.get(position.half());
        int piece = 0;
        for (DirtyKey key : keys) {
            int block = key.type() == DirtyKey.DATA ? piece++ : 0;
            DirtyIndex.Put put = index.put(key, position.lsn(), position.recordBytes(), block);
            Check.that(put instanceof DirtyIndex.Put.Done, "the dirty index is full", index.count());
        }
        index.indexed(position.lsn());
        if (writer != null) {
            roomChanged();
            askWhenFilling();
        }
    }

    /// Begins a consistency point: it includes all records so far. Moves to the other half if that one is free.
    public FreezePoint freeze() {
        if (lossAccepted) {
            return new FreezePoint(lastLsn, 0, false);
        }
        LogWriter log = openWriter();
        long frozen = log.halfHeader().generation();
        boolean switching = log.usedBytes() > 0 && log.otherHalfFree();
        if (switching) {
            int to = 1 - log.half();
            log.switchHalf(log.halfHeader().cpGeneration() + 1, () -> clearHalf(to, log.lastLsn() + 1));
        }
        fillRequested = false;
        backlog.frozen(log.lastLsn());
        roomChanged();
        room.changed();
        return new FreezePoint(log.lastLsn(), frozen, switching);
    }

    private void roomChanged() {
        LogWriter log = openWriter();
        DirtyIndex index = indexes.get(log.half());
        room.set(area.halfBytes() - log.usedBytes(), index.limit() - index.count(), answers.roomIn(log.half()));
        lastLsn = log.lastLsn();
        usedBytes = log.usedBytes();
    }

    private void askWhenFilling() {
        LogWriter log = openWriter();
        DirtyIndex index = indexes.get(log.half());
        boolean filling = log.usedBytes() > area.halfBytes() / 100 * FILL_PERCENT
            || index.count() > index.limit() * FILL_PERCENT / 100
            || answers.count(log.half()) > LiveAnswers.limit() * FILL_PERCENT / 100;
        if (filling && !fillRequested) {
            fillRequested = true;
            requests.request(ConsistencyPointRequests.Reason.LOG_FILL);
        }
    }

    private LogWriter openWriter() {
        if (writer == null) {
            throw Check.failed("the log is not open: replay comes first");
        }
        return writer;
    }

    // Consistency points.

    /// The consistency point `cpGeneration` that was frozen at `lsn` is durable, its committed root in the region.
    /// Moves the answers of its records into the region's table first; only then their half is free.
    public void durable(long lsn, long cpGeneration) {
        Check.that(cpGeneration > 0, "consistency points are numbered from 1", cpGeneration);
        Check.that(lsn <= lastLsn, "durable beyond the end of the log", lsn, lastLsn);
        // Records that were given up have no answers: a call repeated is executed.
        answers.spill(area.durableLsn() + 1, lossAccepted ? Math.min(lsn, lostFromLsn - 1) : lsn);
        area.durable(lsn);
        if (lossAccepted && lsn == lastLsn) {
            lossAccepted = false;
            startOver(lsn + 1);
        }
        room.changed();
        settle();
    }

    // Waiting for positions.

    /// All records up to `lsn` are committed: they were, before the lock was left.
    public void awaitContiguous(long lsn) {
        Check.that(lsn <= area.committedLsn(), "a position beyond the end of the log", lsn);
    }

    /// The last LSN that survives the host's death.
    public long stableLsn() {
        return Math.max(parts.flushed().flushedLsn(), area.durableLsn());
    }

    /// Parks the thread until `lsn` is stable.
    public void awaitStable(long lsn) {
        if (lsn <= stableLsn()) {
            return;
        }
        Object entry = waiters.enter(lsn, clock.monotonicNs());
        if (backlog.bytes() > Math.min(LARGE_BACKLOG_BYTES, area.halfBytes() / LARGE_PART_OF_HALF)) {
            requests.request(ConsistencyPointRequests.Reason.LARGE_BACKLOG);
        } else {
            want(lsn);
        }
        if (parts.flushed().degraded()) {
            requests.request(ConsistencyPointRequests.Reason.JOURNAL_DEGRADED);
        }
        // The position may have moved before we stood in the queue.
        waiters.wake(stableLsn());
        waiters.park(entry);
    }

    /// The flusher need not hurry with what nobody waits for: a consistency point may come first.
    private void want(long lsn) {
        synchronized (waiters) {
            if (lsn <= area.wantedLsn()) {
                return;
            }
            area.want(lsn);
            backlog.wanted(lsn);
        }
        parts.wakeFlusher().run();
    }

    /// One round of the platform thread that waits for the flusher: lets go whom the journal lets go, and looks after
    /// a journal that does not. Blocks at most about `timeoutNs`.
    public void watchJournal(long timeoutNs) {
        int seen = parts.flushed().sequence();
        settle();
        parts.flushed().await(seen, timeoutNs);
        settle();
    }

    private void settle() {
        long stable = stableLsn();
        backlog.stable(stable);
        waiters.wake(stable);
        if (waiters.isEmpty()) {
            return;
        }
        long now = clock.monotonicNs();
        boolean degraded = parts.flushed().degraded();
        if (degraded || waiters.firstWaitNs(now) > SLOW_JOURNAL_NS && slowRequestDue(now)) {
            requests.request(ConsistencyPointRequests.Reason.JOURNAL_DEGRADED);
        }
    }

    private synchronized boolean slowRequestDue(long nowNs) {
        if (slowRequestedNs != 0 && nowNs - slowRequestedNs < SLOW_JOURNAL_NS) {
            return false;
        }
        slowRequestedNs = nowNs;
        return true;
    }

    // Payloads and numbers.

    /// Copies `length` bytes, from `blockOffset` bytes behind `ref` on, to `to`. False, and the copy is worthless, when
    /// the half has been used again since: a consistency point holds the bytes.
    public boolean copyPayload(long ref, int blockOffset, MemorySegment to, long toOffset, int length) {
        int half = PayloadRef.half(ref);
        long generation = area.halfGeneration(half);
        return PayloadRef.isOfLap(ref, generation)
            && area.copyOut(half, generation, PayloadRef.offsetBytes(ref) + blockOffset, to, toOffset, length);
    }

    /// The same into an array.
    public boolean copyPayload(long ref, int blockOffset, byte[] to, int toOffset, int length) {
        int half = PayloadRef.half(ref);
        long generation = area.halfGeneration(half);
        return PayloadRef.isOfLap(ref, generation)
            && area.copyOut(half, generation, PayloadRef.offsetBytes(ref) + blockOffset, to, toOffset, length);
    }

    /// The LSN of the last record.
    public long lastLsn() {
        return lastLsn;
    }

    /// Bytes used in the active half.
    public long usedBytes() {
        return usedBytes;
    }

    /// Bytes that a half has.
    public long halfBytes() {
        return area.halfBytes();
    }

    /// Bytes of all records that this incarnation has appended.
    public long appendedBytes() {
        return appendedBytes;
    }

    /// Records that no durable consistency point includes yet.
    public long liveRecords() {
        return lastLsn - area.durableLsn();
    }
}
