package hearth.domain0.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.memory.journal.JournalCodec;
import hearth.memory.journal.JournalEntry;
import hearth.memory.journal.JournalEntryLayout;
import hearth.memory.journal.JournalHeader;
import hearth.memory.journal.JournalLayout;
import hearth.memory.journal.JournalSummary;

/// One domain's journal, open. Entries are collected by `append` and made durable together by `commit`, on all files.
/// One thread at a time.
///
/// Invariants:
/// - What a returned `commit` covered is found by every later `open`, as long as one file is left.
/// - Space is used again only after the header that gives it up is durable.
/// - Records enter in LSN order; what lies between two of them is covered by a trim that entered before the second.
public final class Journal implements AutoCloseable {
    private static final int BATCH_BYTES = 8 * Units.MIB;

    /// Kept from records, so that a full journal can still say why it may be trimmed.
    private static final long RESERVE_BYTES = 64 * Units.KIB;

    private final String domain;
    private final JournalFiles files;
    private final JournalCodec codec;
    private final JournalContent content;
    private final Event.Sink events;
    private final Clock clock;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment batch = arena.allocate(BATCH_BYTES, Long.BYTES);
    private final List<Piece> pieces = new ArrayList<>();
    private JournalHeader header;
    private long batchBytes;
    private long pieceStart;
    private long pieceOffset;
    private long durableSequence;
    private boolean headerDue;
    private volatile Durable durable;

    /// What the last commit left: as long as no later one has written over it, all of it can be read.
    private record Durable(JournalHeader header, long endSequence) {}

    /// Part of the batch that stands in one run in the files.
    private record Piece(long start, long bytes, long offset) {}

    Journal(String domain, JournalFiles files, JournalHeader header, JournalContent content, Event.Sink events,
            Clock clock) {
        this.domain = domain;
        this.files = files;
        this.header = header;
        this.content = content;
        this.events = events;
        this.clock = clock;
        codec = new JournalCodec(header.id());
        durableSequence = content.endSequence() - 1;
        pieceOffset = content.endOffset();
        durable = new Durable(header, content.endSequence());
        // What a loss that was accepted left in memory only, and numbers that `state/` knew better.
        headerDue = true;
    }

    /// Makes a journal without entries; fails when one of its files exists.
    public static Journal create(JournalSpec spec, Event.Sink events, Clock clock) throws JournalException {
        return JournalOpening.create(spec, events, clock);
    }

    /// Opens an existing journal; rebuilds files that are missing, damaged or behind while another is good. With
    /// `acceptLoss` a journal that is lost, wholly or from some entry on, is taken as far as it goes.
    public static Journal open(JournalSpec spec, boolean acceptLoss, Event.Sink events, Clock clock)
            throws JournalException {
        return new JournalOpening(spec, acceptLoss, events, clock).open();
    }

    /// What `open` would find; changes no file. Throws what `open` would throw of it.
    public static Looked look(JournalSpec spec) throws JournalException {
        return new JournalOpening(spec, false, _ -> {}, Clock.SYSTEM).look();
    }

    /// A journal that is there.
    ///
    /// @param rebuilt files that `open` makes again from the others, and why
    public record Looked(JournalSummary summary, Map<Path, String> rebuilt) {}

    /// Whether the one file of `spec` is what a first start that was cut short leaves: empty, or of this aggregate.
    /// Only to be asked while no guest has ever run.
    public static boolean isLeftover(JournalSpec spec) throws IOException {
        return JournalOpening.isLeftover(spec);
    }

    /// Answer to an append.
    public enum Append {
        /// In the batch; durable when `commit` has returned.
        ADDED,
        /// No room in the batch: commit, then try again.
        BATCH_FULL,
        /// No room in the circle: wait for a trim.
        JOURNAL_FULL
    }

    /// Appends an entry without a body.
    public Append append(JournalEntry entry) {
        return append(entry, MemorySegment.NULL);
    }

    /// Appends an entry; `body` is copied. Only records have one.
    public Append append(JournalEntry entry, MemorySegment body) {
        boolean record = entry instanceof JournalEntry.Record;
        Check.that(record == (body.byteSize() > 0), "a record has a body, nothing else has", body.byteSize());
        int bodyLength = Math.toIntExact(body.byteSize());
        int length = JournalCodec.length(bodyLength);
        long end = content.endOffset();
        long toCircleEnd = header.sizeBytes() - end;
        long pad = length > toCircleEnd ? toCircleEnd : 0;
        if (length + pad + (record ? RESERVE_BYTES : 0) > freeBytes()) {
            return Append.JOURNAL_FULL;
        }
        if (batchBytes + length + JournalEntryLayout.SIZE > BATCH_BYTES) {
            return Append.BATCH_FULL;
        }
        if (pad > 0) {
            add(new JournalEntry.Pad(), Math.toIntExact(pad), 0);
        }
        MemorySegment.copy(body, 0, batch, batchBytes + JournalEntryLayout.SIZE, bodyLength);
        add(entry, length, bodyLength);
        return Append.ADDED;
    }

    private void add(JournalEntry entry, int length, int bodyLength) {
        long offset = content.endOffset();
        codec.encode(entry, content.endSequence(), durableSequence, length, bodyLength,
                batch.asSlice(batchBytes, JournalCodec.length(bodyLength)));
        batchBytes += JournalCodec.length(bodyLength);
        content.added(entry, offset, length);
        long end = offset + length;
        boolean wraps = end == header.sizeBytes();
        content.setEnd(wraps ? JournalLayout.ENTRIES_OFFSET : end);
        if (wraps) {
            closePiece();
        }
    }

    private void closePiece() {
        if (batchBytes > pieceStart) {
            pieces.add(new Piece(pieceStart, batchBytes - pieceStart, pieceOffset));
        }
        pieceStart = batchBytes;
        pieceOffset = content.endOffset();
    }

    /// Bytes that new entries may take.
    public long freeBytes() {
        long circle = header.sizeBytes() - JournalLayout.ENTRIES_OFFSET;
        long used = Math.floorMod(content.endOffset() - header.tailOffset(), circle);
        // Never quite full: end equal to tail means empty.
        return circle - used - JournalEntryLayout.ALIGNMENT;
    }

    /// Bytes of the circle.
    public long capacityBytes() {
        return header.sizeBytes() - JournalLayout.ENTRIES_OFFSET;
    }

    /// Says that a durable consistency point includes all records up to `lsn`, and gives their space up with the next
    /// commit. False when there is no room even for that, which one commit mends.
    public boolean trim(long lsn) {
        if (append(new JournalEntry.Trim(lsn)) != Append.ADDED) {
            return false;
        }
        headerDue |= content.tail().sequence() != header.tailSequence();
        return true;
    }

    /// Whether a commit has something to do.
    public boolean isDirty() {
        return batchBytes > 0 || headerDue;
    }

    /// Makes all that was appended durable on every file that still works. Throws when none does: then nothing of the
    /// batch may be relied on, and the journal takes no more. Blocks for the slowest file's flush.
    public void commit() throws JournalException {
        closePiece();
        JournalContent.Cut tail = content.tail();
        JournalHeader next = header;
        if (headerDue) {
            next = new JournalHeader(header.generation() + 1, header.id(), header.domain(), header.aggregateId(),
                    header.sizeBytes(), tail.offset(), tail.sequence(), content.summary());
        }
        JournalHeader written = next;
        List<JournalFiles.Failure> failures = files.onAll(file -> write(file, written));
        for (JournalFiles.Failure failure : failures) {
            events.accept(Event.of(clock, "journal.file-failed", "domain", domain, "file", failure.file().path(),
                    "why", String.valueOf(failure.cause().getMessage()), "left", files.live().size()));
        }
        pieces.clear();
        batchBytes = 0;
        pieceStart = 0;
        pieceOffset = content.endOffset();
        if (files.live().isEmpty()) {
            throw new JournalException(JournalException.Kind.FAILED, "no journal file of controller " + domain
                    + " takes writes any more");
        }
        durableSequence = content.endSequence() - 1;
        if (headerDue) {
            header = written;
            content.cutAt(tail);
        }
        durable = new Durable(header, content.endSequence());
        // A file that was given up is behind from now on; a header of a later generation on the others says so.
        headerDue = !failures.isEmpty();
    }

    private void write(JournalFile file, JournalHeader next) throws IOException {
        for (Piece piece : pieces) {
            file.writeAt(batch.asSlice(piece.start(), piece.bytes()), piece.offset());
        }
        if (headerDue) {
            file.writeHeader(next);
        }
        file.flush();
    }

    /// What all entries add up to, the batch included.
    public JournalSummary summary() {
        return content.summary();
    }

    /// The highest LSN that was ever here.
    public long lastLsn() {
        return content.lastLsn();
    }

    /// Reads the records that are not trimmed, in order. Before the first append only. Each is valid until the next
    /// step; closing the reader ends the last one.
    public JournalRecords records() {
        Check.that(batchBytes == 0, "records are read before anything is appended", batchBytes);
        return new JournalRecords(new JournalCursor(files.live(), header), content.endSequence());
    }

    /// The same as the last commit left them, also while another thread appends and commits: what it trims and writes
    /// over meanwhile ends the walk with an exception.
    JournalRecords durableRecords() {
        Durable now = durable;
        // Also files that were given up: what was durable in them still is.
        return new JournalRecords(new JournalCursor(files.all(), now.header()), now.endSequence());
    }

    /// Paths that take writes.
    public List<Path> liveFiles() {
        return files.live().stream().map(JournalFile::path).toList();
    }

    /// How many files there should be.
    public int fileCount() {
        return files.all().size();
    }

    /// What was not committed is dropped.
    @Override
    public void close() {
        files.close();
        arena.close();
    }
}
