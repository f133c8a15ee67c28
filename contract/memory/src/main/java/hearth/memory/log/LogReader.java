package hearth.memory.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

import hearth.base.Check;

/// Reads records by LSN, for the host's flusher and for the successor's replay. Distrusts the writer: every word is
/// read once, lengths are bounded by the half, a record is copied out, the copy is judged, and then the half's lap is
/// looked at again. Garbage gives [Answer.Corrupt], never an exception or an endless walk.
///
/// Not thread-safe: it remembers where the next record should stand. Each reader has its own.
public final class LogReader {
    private final LogArea area;
    private int half;
    private long generation;
    private long position;
    private long nextLsn;
    private Optional<Position> corruptAt = Optional.empty();

    public LogReader(LogArea area) {
        this.area = area;
    }

    /// What stands at an LSN.
    public sealed interface Answer {
        /// A good record. With a buffer given, its whole image stands there.
        record Found(LogRecord record) implements Answer {}

        /// The LSN lies beyond the committed position (or beyond the limit given): nothing yet.
        record End() implements Answer {}

        /// The LSN was in a half that has been used again since; the oldest LSN still there is `firstLsn`. A durable
        /// consistency point includes all before it.
        record Freed(long firstLsn) implements Answer {}

        /// A committed record does not parse, or no half claims the LSN: damage, never a torn tail.
        record Corrupt(String why) implements Answer {}
    }

    /// Where a record ends and the next begins, or would begin.
    public record Position(int half, long halfGeneration, long bytes, long nextLsn) {}

    /// The record `lsn` up to the committed position; its payload stays in the log.
    public Answer next(long lsn) {
        return read(lsn, area.committedLsn(), MemorySegment.NULL);
    }

    /// The same, and the whole record (header, body, payload; header and body exactly as judged) copied to the start
    /// of `to`, which has room for [RecordLayout#RECORD_BYTES_MAX].
    public Answer next(long lsn, MemorySegment to) {
        Check.that(to.byteSize() >= RecordLayout.RECORD_BYTES_MAX, "buffer is smaller than a record", to.byteSize());
        return read(lsn, area.committedLsn(), to);
    }

    /// The record `lsn` when it is at most `endLsn`, which the caller vouches for (replay never ends below what the
    /// host flushed, whatever the committed word says).
    public Answer nextUpTo(long lsn, long endLsn) {
        return read(lsn, endLsn, MemorySegment.NULL);
    }

    /// The lowest LSN that a half in use holds or will hold.
    public Optional<Long> firstLsn() {
        Optional<HalfHeader> active = area.half(area.activeHalf());
        if (active.isEmpty()) {
            return Optional.empty();
        }
        Optional<HalfHeader> other = area.half(1 - area.activeHalf());
        long start = active.get().startLsn();
        return Optional.of(other.isPresent() ? Math.min(other.get().startLsn(), start) : start);
    }

    /// The place behind the last record found; only after [Answer.Found].
    public Position position() {
        Check.that(nextLsn > 0, "nothing was read yet");
        return new Position(half, generation, position, nextLsn);
    }

    /// Where the record begins that the last read found corrupt, its LSN as the next; empty when that read found none,
    /// or no half to look into.
    public Optional<Position> corruptAt() {
        return corruptAt;
    }

    private Answer read(long lsn, long endLsn, MemorySegment to) {
        Check.that(lsn > 0, "LSNs start at 1", lsn);
        corruptAt = Optional.empty();
        if (lsn > endLsn) {
            return new Answer.End();
        }
        // The active half may change while we look; a second change within one look means we are far behind.
        for (int look = 0; look < 3; look++) {
            int active = area.activeHalf();
            Optional<HalfHeader> current = area.half(active);
            if (current.isEmpty()) {
                continue;
            }
            if (lsn >= current.get().startLsn()) {
                return walk(active, current.get(), lsn, to);
            }
            // A guest that died between opening the next half and moving to it left a half that begins later.
            Optional<HalfHeader> older = area.half(1 - active);
            if (older.isPresent() && older.get().startLsn() < current.get().startLsn()) {
                return lsn >= older.get().startLsn() ? walk(1 - active, older.get(), lsn, to)
                        : new Answer.Freed(older.get().startLsn());
            }
            if (area.activeHalf() == active) {
                return new Answer.Freed(current.get().startLsn());
            }
        }
        return new Answer.Corrupt("half header");
    }

    /// Goes to `lsn` from where the last read ended, or else from the half's first record.
    private Answer walk(int where, HalfHeader header, long lsn, MemorySegment to) {
        if (half != where || generation != header.generation() || nextLsn > lsn || nextLsn == 0) {
            half = where;
            generation = header.generation();
            position = 0;
            nextLsn = header.startLsn();
        }
        while (nextLsn < lsn) {
            Answer passed = readHere(header, MemorySegment.NULL);
            if (!(passed instanceof Answer.Found)) {
                return passed instanceof Answer.Corrupt(String why)
                        ? new Answer.Corrupt("at lsn " + nextLsn + " on the way: " + why) : passed;
            }
        }
        return readHere(header, to);
    }

    private Answer readHere(HalfHeader halfHeader, MemorySegment to) {
        Answer answer = judge(halfHeader, to);
        if (area.halfGeneration(half) != generation) {
            return new Answer.Freed(firstLsn().orElse(nextLsn + 1));
        }
        if (answer instanceof Answer.Found(LogRecord found)) {
            position += found.header().length();
            nextLsn++;
        } else {
            corruptAt = Optional.of(new Position(half, generation, position, nextLsn));
        }
        return answer;
    }

    private Answer judge(HalfHeader halfHeader, MemorySegment to) {
        long room = area.halfBytes() - position;
        if (room < RecordLayout.HEADER_BYTES) {
            return new Answer.Corrupt("no room for a record");
        }
        byte[] first = new byte[RecordLayout.HEADER_BYTES];
        area.copyOut(half, generation, position, first, 0, first.length);
        Optional<RecordHeader> peeked = RecordCodec.peek(first, room);
        if (peeked.isEmpty()) {
            return new Answer.Corrupt("lengths");
        }
        byte[] image = new byte[RecordLayout.HEADER_BYTES + peeked.get().bodyLength()];
        System.arraycopy(first, 0, image, 0, first.length);
        area.copyOut(half, generation, position + first.length, image, first.length, image.length - first.length);
        // No `switch` over patterns: it makes a class when it is first met, and replay is on the way of a restart.
        RecordCodec.Parsed parsed = RecordCodec.parse(image, nextLsn, area.seed());
        if (parsed instanceof RecordCodec.Parsed.Bad(String why)) {
            return new Answer.Corrupt(why);
        }
        RecordHeader header = ((RecordCodec.Parsed.Good) parsed).header();
        if (header.cpGeneration() != halfHeader.cpGeneration()) {
            return new Answer.Corrupt("consistency point number");
        }
        if (to.byteSize() > 0) {
            int rest = header.payloadOffset();
            area.copyOut(half, generation, position + rest, to, rest, header.length() - rest);
            MemorySegment.copy(image, 0, to, ValueLayout.JAVA_BYTE, 0, image.length);
            to.asSlice(image.length, rest - image.length).fill((byte) 0);
        }
        return new Answer.Found(new LogRecord(header, image, half, generation, position));
    }
}
