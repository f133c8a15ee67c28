package hearth.memory.log;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import hearth.base.Check;
import hearth.memory.area.AreaMemory;

import static org.assertj.core.api.Assertions.assertThat;

/// A small log and what the tests do with it. Record n has reply "reply n", effect "effect n" and a payload of bytes n.
final class TestLog {
    static final long SEED = 0x1234_5678_9ABC_DEF0L;
    static final int PAYLOAD_BYTES = 100;

    private TestLog() {}

    static MemorySegment memory(long halfBytes) {
        return Arena.ofAuto().allocate(LogLayout.areaBytes(halfBytes), 64);
    }

    static LogArea empty(AreaMemory memory, long halfBytes) {
        var area = new LogArea(memory, halfBytes, SEED);
        assertThat(new LogLoader(area).load(0, Collections.emptyIterator(), SEED))
                .isEqualTo(new LogLoader.Loaded.Complete(0, 0));
        return area;
    }

    /// A writer behind the last committed record, as a successor finds it.
    static LogWriter attach(LogArea area, long incarnation) {
        var reader = new LogReader(area);
        int active = area.activeHalf();
        HalfHeader half = area.half(active).orElseThrow();
        var end = new LogReader.Position(active, half.generation(), 0, half.startLsn());
        for (long lsn = half.startLsn(); lsn <= area.committedLsn(); lsn++) {
            assertThat(reader.next(lsn)).isInstanceOf(LogReader.Answer.Found.class);
            end = reader.position();
        }
        return new LogWriter(area, incarnation, end);
    }

    static CallIdentity call(long lsn) {
        return CallIdentity.of(new byte[] {127, 0, 0, 1}, (int) lsn, lsn * 31);
    }

    static byte[] body(long lsn) {
        return ("reply " + lsn + "effect " + lsn).getBytes(StandardCharsets.UTF_8);
    }

    static int replyLength(long lsn) {
        return ("reply " + lsn).length();
    }

    /// False when the half is full.
    static boolean append(LogWriter writer) {
        long lsn = writer.lastLsn() + 1;
        byte[] body = body(lsn);
        switch (writer.claim(body.length, PAYLOAD_BYTES)) {
            case LogWriter.Claim.HalfFull() -> {
                return false;
            }
            case LogWriter.Claim.Claimed(LogWriter.OpenRecord record) -> {
                record.payload(0, MemorySegment.ofArray(payload(lsn)), 0, PAYLOAD_BYTES);
                byte[] image = new byte[RecordLayout.HEADER_BYTES + body.length];
                System.arraycopy(body, 0, image, RecordLayout.HEADER_BYTES, body.length);
                record.fill((short) 7, (short) 0, call(lsn), image, replyLength(lsn));
                record.commit();
                return true;
            }
        }
    }

    static byte[] payload(long lsn) {
        byte[] payload = new byte[PAYLOAD_BYTES];
        Arrays.fill(payload, (byte) lsn);
        return payload;
    }

    /// Checks that a record is number `lsn` in every part.
    static void assertIs(LogArea area, LogRecord record, long lsn) {
        assertThat(record.lsn()).isEqualTo(lsn);
        assertThat(new String(record.reply(), StandardCharsets.UTF_8)).isEqualTo("reply " + lsn);
        assertThat(new String(record.effect(), StandardCharsets.UTF_8)).isEqualTo("effect " + lsn);
        assertThat(record.header().call()).isEqualTo(call(lsn));
        byte[] payload = new byte[PAYLOAD_BYTES];
        assertThat(area.copyOut(record.half(), record.halfGeneration(), record.payloadPosition(), payload, 0,
                PAYLOAD_BYTES)).isTrue();
        assertThat(payload).isEqualTo(payload(lsn));
    }

    /// Reads from `firstLsn` to the end, checking each record; returns the last LSN.
    static long readAll(LogArea area, long firstLsn) {
        var reader = new LogReader(area);
        for (long lsn = firstLsn;; lsn++) {
            switch (reader.next(lsn)) {
                case LogReader.Answer.Found(LogRecord record) -> assertIs(area, record, lsn);
                case LogReader.Answer.End() -> {
                    return lsn - 1;
                }
                case LogReader.Answer.Freed(long first) -> throw Check.failed("freed at " + lsn + " to " + first);
                case LogReader.Answer.Corrupt(String why) -> throw Check.failed("corrupt at " + lsn + ": " + why);
            }
        }
    }

    /// Whole records as the flusher copies them.
    static List<MemorySegment> wholeRecords(LogArea area, long firstLsn) {
        var reader = new LogReader(area);
        var buffer = Arena.ofAuto().allocate(RecordLayout.RECORD_BYTES_MAX, 64);
        List<MemorySegment> records = new ArrayList<>();
        for (long lsn = firstLsn; lsn <= area.committedLsn(); lsn++) {
            var found = (LogReader.Answer.Found) reader.next(lsn, buffer);
            byte[] bytes = buffer.asSlice(0, found.record().header().length()).toArray(ValueLayout.JAVA_BYTE);
            records.add(MemorySegment.ofArray(bytes));
        }
        return records;
    }
}
