package hearth.dmodule.nvlog;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.memory.duplicates.DuplicateTable;
import hearth.memory.log.CallIdentity;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogRecord;
import hearth.memory.log.RecordCodec;
import hearth.memory.log.RecordHeader;
import hearth.memory.log.RecordLayout;

/// First answers: of the records that are in the log still, by a small map to their positions; of those before, in the
/// region's duplicate table. An answer moves into the table before its half is freed.
final class Answers {
    private final LogArea area;
    private final DuplicateTable table;
    private final Clock clock;
    private final Event.Sink events;
    private final List<LiveAnswers> live = List.of(new LiveAnswers(), new LiveAnswers());
    private final LogReader reader;

    /// An answer and the LSN of its record.
    record Answer(long lsn, byte[] reply) {}

    Answers(LogArea area, DuplicateTable table, Clock clock, Event.Sink events) {
        this.area = area;
        this.table = table;
        this.clock = clock;
        this.events = events;
        this.reader = new LogReader(area);
    }

    boolean roomIn(int half) {
        return live.get(half).count() < LiveAnswers.limit();
    }

    int count(int half) {
        return live.get(half).count();
    }

    /// A record that answers `call` was committed.
    void add(CallIdentity call, int half, long recordBytes) {
        if (call.isPresent()) {
            live.get(half).put(call.hash(), (int) (recordBytes / RecordLayout.ALIGNMENT));
        }
    }

    /// The half's answers are in the table, or it begins a lap without any.
    void clear(int half) {
        live.get(half).clear();
    }

    Optional<Answer> find(CallIdentity call) {
        int active = area.activeHalf();
        Optional<Answer> found = inLog(call, active).or(() -> inLog(call, 1 - active));
        if (found.isPresent()) {
            return found;
        }
        return table.get(call) instanceof DuplicateTable.Lookup.Answered(long lsn, byte[] reply)
                ? Optional.of(new Answer(lsn, reply))
                : Optional.empty();
    }

    /// Reads the record where the map points; whatever is not this call's good record of the present lap is nothing.
    private Optional<Answer> inLog(CallIdentity call, int half) {
        int place = live.get(half).get(call.hash());
        if (place == LiveAnswers.NOWHERE) {
            return Optional.empty();
        }
        long position = (place & 0xFFFF_FFFFL) * RecordLayout.ALIGNMENT;
        long generation = area.halfGeneration(half);
        byte[] first = new byte[RecordLayout.HEADER_BYTES];
        area.copyOut(half, generation, position, first, 0, first.length);
        var peeked = RecordCodec.peek(first, area.halfBytes() - position);
        if (peeked.isEmpty()) {
            return Optional.empty();
        }
        RecordHeader header = peeked.get();
        byte[] image = Arrays.copyOf(first, first.length + header.bodyLength());
        boolean sameLap = area.copyOut(half, generation, position, image, 0, image.length);
        boolean good = RecordCodec.parse(image, header.lsn(), area.seed()) instanceof RecordCodec.Parsed.Good;
        if (!sameLap || !good || !header.call().equals(call)) {
            return Optional.empty();
        }
        int from = RecordLayout.HEADER_BYTES;
        return Optional.of(new Answer(header.lsn(), Arrays.copyOfRange(image, from, from + header.replyLength())));
    }

    /// Copies the answers of records `firstLsn` to `lastLsn` into the table. An answer whose record does not parse any
    /// more is lost, with an event: its effect is in the consistency point.
    void spill(long firstLsn, long lastLsn) {
        for (long lsn = firstLsn; lsn <= lastLsn; lsn++) {
            switch (reader.next(lsn)) {
                case LogReader.Answer.Found(LogRecord record) -> {
                    if (record.header().call().isPresent()) {
                        table.put(record.header().call(), lsn, record.reply());
                    }
                }
                case LogReader.Answer.Freed(long first) -> {
                    lost(lsn, first - 1, "freed");
                    lsn = first - 1;
                }
                case LogReader.Answer.Corrupt(String why) -> {
                    long next = nextHalfStart(lsn).orElse(lastLsn + 1);
                    lost(lsn, Math.min(next - 1, lastLsn), why);
                    lsn = next - 1;
                }
                case LogReader.Answer.End() -> {
                    return;
                }
            }
        }
    }

    private Optional<Long> nextHalfStart(long lsn) {
        return area.half(area.activeHalf()).map(half -> half.startLsn()).filter(start -> start > lsn);
    }

    private void lost(long firstLsn, long lastLsn, String why) {
        events.accept(Event.of(clock, "nvlog.answers-lost", "first_lsn", firstLsn, "last_lsn", lastLsn, "why", why));
    }
}
