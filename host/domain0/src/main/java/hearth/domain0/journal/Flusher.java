package hearth.domain0.journal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.zip.CRC32C;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Uninterruptibly;
import hearth.domain0.journal.Journal.Append;
import hearth.memory.bell.Doorbell;
import hearth.memory.journal.JournalEntry;
import hearth.memory.journal.JournalSummary;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogReader;
import hearth.memory.log.RecordLayout;
import hearth.memory.region.Area;
import hearth.memory.region.ControlPage;
import hearth.memory.region.JournalState;
import hearth.memory.region.Region;
import hearth.memory.region.RootRecord;

/// Carries the log's committed records to the journal, as many with one flush as have come, and says in `control` how
/// far they are durable. Trims the journal behind durable consistency points. One platform thread.
///
/// It begins when the guest wants a position flushed, because somebody waits for it. What nobody waits for, unstable
/// writes, is left to the next consistency point, which has to write it anyway; when none comes, it is flushed after
/// two seconds.
///
/// A journal that is slow, full or failing is said to be degraded, in `control` and by an event: the guest then makes
/// things stable by consistency points, and a full journal recovers when one of them has trimmed it. Nobody waits for
/// the journal for ever.
///
/// Invariant: every record up to the flushed position is in the journal, or in a consistency point that the journal
/// knows to be durable.
public final class Flusher implements AutoCloseable {
    /// Numbers that are reserved at once, so that a fence needs no flush.
    public static final int RESERVED_AHEAD = 16;

    private static final long IDLE_WAIT_NS = 50_000_000L;
    private static final long SLOW_NS = 2_000_000_000L;

    /// How long committed records stay unflushed when nobody wants them and no consistency point takes them.
    private static final long LEFT_NS = 2_000_000_000L;
    private static final String FULL = "full";
    private static final int BELL_WORD_BYTES = Integer.BYTES;

    private final String domain;
    private final Journal journal;
    private final ControlPage control;
    private final RootRecord root;
    private final Doorbell flushedBell;
    private final Doorbell logBell;
    private final LogArea log;
    private final LogReader reader;
    private final long regionInstance;
    private final Clock clock;
    private final Event.Sink events;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment record = arena.allocate(RecordLayout.RECORD_BYTES_MAX, Long.BYTES);
    private final Thread thread;
    private final ArrayDeque<JournalEntry> wanted = new ArrayDeque<>();

    private volatile JournalSummary summary;
    private volatile long commitStartedNs;
    private volatile boolean closed;
    private volatile String degradedBecause = "";
    private volatile Flushes flushes = new Flushes(0, 0, 0, 0);
    private volatile boolean failed;
    private long nextLsn;
    /// Since when committed records were left unflushed; 0 when there are none.
    private long leftSinceNs;
    private long rootGeneration;

    /// Takes over an open journal whose records have been restored into the region's log up to `lastLsn`. Reserves the
    /// first incarnation numbers, durably, before it returns.
    public Flusher(Region region, Journal journal, long lastLsn, Clock clock, Event.Sink events)
            throws JournalException {
        this.domain = region.domain();
        this.journal = journal;
        this.control = region.control();
        this.root = region.root();
        this.flushedBell = region.flushedBell();
        this.regionInstance = region.instance();
        this.clock = clock;
        this.events = events;
        log = new LogArea(region.area(Area.LOG).memory(), region.geometry().logHalfBytes(), region.instance());
        logBell = control.logBell(log.bellWord().asSlice(0, BELL_WORD_BYTES));
        reader = new LogReader(log);
        nextLsn = lastLsn + 1;
        rootGeneration = journal.summary().root().generation();
        journal.append(reservation());
        journal.commit();
        summary = journal.summary();
        control.setFlushedLsn(lastLsn);
        thread = Thread.ofPlatform().name("flusher-" + domain).daemon().start(this::run);
    }

    private JournalEntry reservation() {
        return new JournalEntry.Incarnation(
                journal.summary().incarnationsReserved() + RESERVED_AHEAD, regionInstance);
    }

    /// Incarnation numbers up to this one are durable and may be used.
    public long incarnationsReserved() {
        return summary.incarnationsReserved();
    }

    /// What the journal durably holds.
    public JournalSummary summary() {
        return summary;
    }

    /// Paths that still take writes.
    public List<Path> liveFiles() {
        return journal.liveFiles();
    }

    /// Asks for more numbers; they come with one of the next commits.
    public void reserveMore() {
        want(reservation());
    }

    /// Notes a label generation that members carry.
    public void labelled(long number, long id) {
        want(new JournalEntry.Label(number, id));
    }

    private void want(JournalEntry entry) {
        synchronized (wanted) {
            if (!wanted.contains(entry)) {
                wanted.add(entry);
            }
        }
    }

    /// Why nothing is flushed at the moment; empty when all is well.
    public String degradedBecause() {
        return degradedBecause;
    }

    /// To be called now and then by another thread: notices a commit that takes too long while it still runs.
    public void check(long nowNs) {
        long startedNs = commitStartedNs;
        if (startedNs != 0 && nowNs - startedNs > SLOW_NS) {
            degrade("slow");
        }
    }

    private void run() {
        try {
            while (!closed) {
                int seen = logBell.sequence();
                if (!step()) {
                    logBell.await(seen, IDLE_WAIT_NS);
                    noteRoot();
                }
            }
            noteRoot();
            boolean more = true;
            while (more) {
                more = step();
            }
        } catch (RuntimeException | Error e) {
            // A bug of ours: nobody waits for a thread that is gone.
            failed = true;
            degrade("a bug in domain 0: " + e);
            throw e;
        }
    }

    /// One group commit; false when there is nothing more to do or nothing can be done now.
    private boolean step() {
        if (failed) {
            return false;
        }
        String trouble = trim();
        takeWanted();
        if (trouble.isEmpty() && isDue()) {
            leftSinceNs = 0;
            trouble = collect();
        }
        boolean dirty = journal.isDirty();
        if (dirty && !commit()) {
            return false;
        }
        if (trouble.isEmpty()) {
            recover();
        } else {
            degrade(trouble);
        }
        return dirty && trouble.isEmpty();
    }

    /// Whether records are to be flushed now.
    private boolean isDue() {
        if (closed || log.wantedLsn() >= nextLsn) {
            return true;
        }
        if (log.committedLsn() < nextLsn) {
            leftSinceNs = 0;
            return false;
        }
        long now = clock.monotonicNs();
        if (leftSinceNs == 0) {
            leftSinceNs = now;
        }
        return now - leftSinceNs >= LEFT_NS;
    }

    private void takeWanted() {
        synchronized (wanted) {
            while (!wanted.isEmpty() && journal.append(wanted.getFirst()) == Append.ADDED) {
                wanted.removeFirst();
            }
        }
    }

    /// Passes the guest's durable position on. Returns what is wrong, or nothing.
    private String trim() {
        long durableLsn = log.durableLsn();
        if (durableLsn <= journal.summary().trimmedLsn()) {
            return "";
        }
        if (durableLsn > log.committedLsn()) {
            // A guest that has gone wrong: its word is not believed until it makes sense.
            return "durable position " + durableLsn + " beyond the committed one";
        }
        noteRoot();
        if (!journal.trim(durableLsn)) {
            return FULL;
        }
        if (nextLsn <= durableLsn) {
            nextLsn = durableLsn + 1;
            leftSinceNs = 0;
        }
        return "";
    }

    /// Notes the committed root that the region shows, so that a later mount does not accept an older one.
    private void noteRoot() {
        if (failed) {
            return;
        }
        root.committed().filter(found -> found.generation() > rootGeneration).ifPresent(found -> {
            var crc = new CRC32C();
            crc.update(found.bytes(), 0, found.bytes().length);
            var entry = new JournalEntry.Root(found.generation(), (int) crc.getValue(), log.durableLsn());
            if (journal.append(entry) == Append.ADDED) {
                rootGeneration = found.generation();
            }
        });
    }

    /// Appends committed records until there are no more or the batch is full. Returns what is wrong, or nothing.
    private String collect() {
        while (true) {
            switch (reader.next(nextLsn, record)) {
                case LogReader.Answer.End() -> {
                    return "";
                }
                case LogReader.Answer.Freed(long _) -> {
                    // A consistency point has overtaken us; its position tells how far.
                    long before = nextLsn;
                    String trouble = trim();
                    if (!trouble.isEmpty()) {
                        return trouble;
                    }
                    if (nextLsn == before) {
                        return "record " + nextLsn + " was overwritten before it was durable";
                    }
                }
                case LogReader.Answer.Corrupt(String why) -> {
                    return "record " + nextLsn + ": " + why;
                }
                case LogReader.Answer.Found(var found) -> {
                    // A half is used again only behind a durable position, which the journal has to know first, or
                    // after the host's death it would hold more laps than there are halves.
                    String trouble = trim();
                    if (!trouble.isEmpty()) {
                        return trouble;
                    }
                    if (found.lsn() < nextLsn) {
                        continue;
                    }
                    switch (journal.append(new JournalEntry.Record(found.lsn(), regionInstance),
                            record.asSlice(0, found.header().length()))) {
                        case ADDED -> nextLsn++;
                        case BATCH_FULL -> {
                            return "";
                        }
                        case JOURNAL_FULL -> {
                            return FULL;
                        }
                    }
                }
            }
        }
    }

    /// Flushes of the journal since the host started.
    ///
    /// @param totalNs time that all of them took
    /// @param lastNs time that the last one took
    /// @param records that they made durable
    public record Flushes(long count, long totalNs, long lastNs, long records) {}

    public Flushes flushes() {
        return flushes;
    }

    private void countFlush(long ns, long records) {
        Flushes before = flushes;
        flushes = new Flushes(before.count() + 1, before.totalNs() + ns, ns, before.records() + records);
    }

    private boolean commit() {
        commitStartedNs = clock.monotonicNs();
        try {
            journal.commit();
            countFlush(clock.monotonicNs() - commitStartedNs, Math.max(0, nextLsn - 1 - control.flushedLsn()));
        } catch (JournalException e) {
            failed = true;
            degrade(String.valueOf(e.getMessage()));
            return false;
        } finally {
            commitStartedNs = 0;
        }
        summary = journal.summary();
        if (nextLsn - 1 > control.flushedLsn()) {
            control.setFlushedLsn(nextLsn - 1);
            flushedBell.ring();
        }
        return true;
    }

    private synchronized void degrade(String why) {
        if (degradedBecause.equals(why)) {
            return;
        }
        degradedBecause = why;
        control.setJournalState(JournalState.DEGRADED);
        flushedBell.ring();
        events.accept(Event.of(clock, "journal.degraded", "domain", domain, "why", why));
    }

    private synchronized void recover() {
        if (degradedBecause.isEmpty() || failed) {
            return;
        }
        degradedBecause = "";
        control.setJournalState(JournalState.OK);
        flushedBell.ring();
        events.accept(Event.of(clock, "journal.recovered", "domain", domain));
    }

    /// Flushes what is committed and ends the thread, then closes the journal. The guest is dead or has stopped.
    @Override
    public void close() {
        closed = true;
        Uninterruptibly.join(thread);
        journal.close();
        arena.close();
    }
}
