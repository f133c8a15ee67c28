package hearth.dmodule.nvlog;

import java.io.IOException;
import java.util.Optional;

import hearth.base.Check;
import hearth.memory.log.HalfHeader;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogBridge;
import hearth.memory.log.LogMender;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogRecord;
import hearth.memory.log.RecordLayout;

/// One walk over the log after a death: collects the answers that are not in the table yet, applies the records that
/// the mounted consistency point lacks, and finds the place behind the last. A damaged record that the journal has is
/// put back in its place on the way, so that whoever reads the log later finds it good.
final class LogReplay {
    /// Deaths on one record after which it is not tried again.
    static final int DEATHS_MAX = 2;

    private final LogArea area;
    private final Answers answers;
    private final long afterLsn;
    private final long endLsn;
    private final FlushedPosition flushed;
    private final FlushedRecords journal;
    private final LogReader reader;
    private long askedLsn;
    private long fetched;
    private long records;
    private long bytes;

    LogReplay(LogArea area, Answers answers, long afterLsn, long endLsn, FlushedPosition flushed,
            FlushedRecords journal) {
        this.area = area;
        this.flushed = flushed;
        this.journal = journal;
        this.answers = answers;
        this.afterLsn = afterLsn;
        this.endLsn = endLsn;
        this.reader = new LogReader(area);
    }

    long records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    /// Damaged records that the journal gave back.
    long fetched() {
        return fetched;
    }

    /// How the walk ended.
    sealed interface Walk {
        record Done(LogReader.Position end) implements Walk {}

        /// The active half cannot be walked, but nothing in it is needed any more.
        record NothingNeeded() implements Walk {}

        record Stopped(ReplayOutcome outcome) implements Walk {}
    }

    Walk run(Replayer replayer) throws IOException {
        Optional<HalfHeader> active = area.half(area.activeHalf());
        long neededFrom = Math.min(afterLsn, area.durableLsn()) + 1;
        if (active.isEmpty()) {
            return broken(neededFrom, "half header");
        }
        long start = active.get().startLsn();
        if (start > endLsn + 1) {
            return broken(neededFrom, "the active half begins at lsn " + start);
        }
        for (long lsn = Math.min(neededFrom, start); lsn <= endLsn; lsn++) {
            LogReader.Answer answer = reader.nextUpTo(lsn, endLsn);
            while (answer instanceof LogReader.Answer.Corrupt && reader.corruptAt().isPresent()
                    && getOver(reader.corruptAt().get(), neededFrom)) {
                answer = reader.nextUpTo(lsn, endLsn);
            }
            if (!(answer instanceof LogReader.Answer.Found(LogRecord record))) {
                return unreadable(answer, lsn, neededFrom);
            }
            Optional<ReplayOutcome> stop = pass(record, replayer);
            if (stop.isPresent()) {
                return new Walk.Stopped(stop.get());
            }
        }
        boolean empty = start == endLsn + 1;
        return new Walk.Done(empty ? new LogReader.Position(area.activeHalf(), active.get().generation(), 0, start)
                : reader.position());
    }

    private Walk unreadable(LogReader.Answer answer, long lsn, long neededFrom) {
        return switch (answer) {
            case LogReader.Answer.Corrupt(String why) -> broken(Math.max(lsn, neededFrom), why);
            case LogReader.Answer.Freed(long first) ->
                broken(Math.max(lsn, neededFrom), "its half was used again from lsn " + first);
            case LogReader.Answer.End() -> broken(lsn, "the log ends");
            case LogReader.Answer.Found _ -> throw Check.failed("a record that can be read");
        };
    }

    private Walk broken(long lsn, String why) {
        return lsn > endLsn ? new Walk.NothingNeeded()
                : new Walk.Stopped(new ReplayOutcome.Damaged(lsn, endLsn, why));
    }

    /// Whether a good record stands at `place` now.
    private boolean getOver(LogReader.Position place, long neededFrom) throws IOException {
        return mend(place).isPresent() || place.nextLsn() < neededFrom && bridge(place, neededFrom);
    }

    /// Fills the place of damaged records that a durable consistency point includes, up to the next good one or to the
    /// first that is needed, which the journal has.
    private boolean bridge(LogReader.Position place, long neededFrom) throws IOException {
        long lastLsn = endLsn;
        Optional<HalfHeader> active = area.half(area.activeHalf());
        if (place.half() != area.activeHalf() && active.isPresent()) {
            lastLsn = active.get().startLsn() - 1;
        }
        Optional<LogBridge.Bank> bank = LogBridge.nextGood(area, place, lastLsn);
        if (bank.isEmpty()) {
            // Nothing good follows, so nothing has a place to keep.
            long count = Math.min(neededFrom, lastLsn + 1) - place.nextLsn();
            return LogBridge.fill(area, place, count, count * RecordLayout.HEADER_BYTES);
        }
        long bytes = bank.get().bytes() - place.bytes();
        for (long lsn = neededFrom; lsn < bank.get().lsn(); lsn++) {
            Optional<byte[]> copy = lsn <= flushed.flushedLsn() ? journal.fetch(lsn) : Optional.empty();
            if (copy.isEmpty()) {
                return false;
            }
            bytes -= copy.get().length;
        }
        return LogBridge.fill(area, place, Math.min(neededFrom, bank.get().lsn()) - place.nextLsn(), bytes);
    }

    /// Puts the journal's copy of a damaged record where it stood; empty when there is none, or it is no better.
    private Optional<LogRecord> mend(LogReader.Position place) throws IOException {
        long lsn = place.nextLsn();
        if (lsn <= askedLsn || lsn > flushed.flushedLsn()) {
            return Optional.empty();
        }
        askedLsn = lsn;
        Optional<byte[]> copy = journal.fetch(lsn);
        if (copy.isEmpty()
                || !(LogMender.put(area, place, copy.get()) instanceof LogMender.Mended.Done(LogRecord record))) {
            return Optional.empty();
        }
        fetched++;
        return Optional.of(record);
    }

    private Optional<ReplayOutcome> pass(LogRecord found, Replayer replayer) throws IOException {
        if (found.lsn() <= afterLsn) {
            answered(found);
            return Optional.empty();
        }
        LogRecord record = found;
        Optional<String> complaint = replayer.complaint(position(record), record);
        if (complaint.isPresent()) {
            var place = new LogReader.Position(
                    found.half(), found.halfGeneration(), found.position(), found.lsn());
            Optional<LogRecord> mended = mend(place);
            if (mended.isPresent()) {
                record = mended.get();
                complaint = replayer.complaint(position(record), record);
            }
        }
        if (complaint.isPresent()) {
            return Optional.of(new ReplayOutcome.Damaged(record.lsn(), endLsn, complaint.get()));
        }
        int deaths = record.header().attempts();
        if (deaths == DEATHS_MAX) {
            return Optional.of(new ReplayOutcome.Poisoned(record.lsn(), endLsn, deaths));
        }
        // The word is outside the record's CRC, and nobody stores such a number: it was overwritten.
        boolean counted = deaths >= 0 && deaths < DEATHS_MAX;
        // Only now: a record that is given up has no answer either.
        answered(record);
        area.storeAttempts(record.half(), record.position(), counted ? deaths + 1 : 1);
        replayer.replay(position(record), record);
        area.storeAttempts(record.half(), record.position(), 0);
        records++;
        bytes += record.header().length();
        return Optional.empty();
    }

    private void answered(LogRecord record) {
        if (record.lsn() > area.durableLsn()) {
            answers.add(record.header().call(), record.half(), record.position());
        }
    }

    private static Position position(LogRecord record) {
        return new Position(record.lsn(), record.half(), record.halfGeneration(), record.position(),
                PayloadRef.of(record.half(), record.halfGeneration(), record.payloadPosition()));
    }
}
