package hearth.stress;

import java.lang.foreign.MemorySegment;
import java.util.Collections;

import hearth.base.Check;
import hearth.memory.log.CallIdentity;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogLayout;
import hearth.memory.log.LogLoader;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogRecord;
import hearth.memory.log.LogWriter;
import hearth.memory.log.RecordLayout;

/// Logs with halves of a few records; record n has one byte n as its body, and a payload of bytes n.
final class Logs {
    static final int PAYLOAD_BYTES = 512;

    private static final long HALF_BYTES = 2048;
    private static final long SEED = 0x1234_5678_9ABCL;
    private static final short TYPE = 7;
    /// More than states live at once.
    static final Pool MEMORY = new Pool(LogLayout.areaBytes(HALF_BYTES), 2048);

    private static final MemorySegment[] PAYLOADS = new MemorySegment[10];

    static {
        for (int i = 0; i < PAYLOADS.length; i++) {
            PAYLOADS[i] = MemorySegment.ofArray(new byte[PAYLOAD_BYTES]).fill((byte) i);
        }
    }

    private Logs() {}

    static LogArea empty(MemorySegment memory) {
        var area = new LogArea(memory, HALF_BYTES, SEED);
        var loaded = new LogLoader(area).load(0, Collections.emptyIterator(), SEED);
        Check.that(loaded instanceof LogLoader.Loaded.Complete, "an empty log");
        return area;
    }

    static LogWriter writer(LogArea area) {
        var half = area.half(0).orElseThrow();
        return new LogWriter(area, 1, new LogReader.Position(0, half.generation(), 0, half.startLsn()));
    }

    /// A log whose record 1 stands in half 0 and record 2 in half 1, and a consistency point includes both: half 0 may
    /// be used again.
    record BeforeReuse(LogArea area, LogWriter writer, long lap, long payloadAt) {
        static BeforeReuse of(MemorySegment memory) {
            LogArea area = empty(memory);
            LogWriter writer = Logs.writer(area);
            var record = claim(writer);
            // Now: afterwards the writer is in another half.
            long lap = record.halfGeneration();
            fill(record);
            record.commit();
            writer.switchHalf(2, () -> {});
            append(writer);
            area.durable(2);
            return new BeforeReuse(area, writer, lap, record.payloadPosition());
        }

        /// The half is used again.
        void reuse() {
            writer.switchHalf(3, () -> {});
            append(writer);
        }
    }

    static LogWriter.OpenRecord claim(LogWriter writer) {
        return ((LogWriter.Claim.Claimed) writer.claim(1, PAYLOAD_BYTES)).record();
    }

    static void fill(LogWriter.OpenRecord record) {
        record.payload(0, payload((int) record.lsn()), 0, PAYLOAD_BYTES);
        header(record);
    }

    static void header(LogWriter.OpenRecord record) {
        byte[] image = new byte[RecordLayout.HEADER_BYTES + 1];
        image[RecordLayout.HEADER_BYTES] = (byte) record.lsn();
        record.fill(TYPE, (short) 0, CallIdentity.NONE, image, 0);
    }

    static void append(LogWriter writer) {
        var record = claim(writer);
        fill(record);
        record.commit();
    }

    static MemorySegment payload(int number) {
        return PAYLOADS[number];
    }

    /// What a reader finds at `lsn`: its number, 0 for nothing yet, 9 where the half was used again, -1 damage.
    static int look(LogArea area, LogReader reader, long lsn, MemorySegment copy) {
        LogReader.Answer answer = reader.next(lsn);
        if (answer instanceof LogReader.Answer.End) {
            return 0;
        }
        if (answer instanceof LogReader.Answer.Freed) {
            return 9;
        }
        if (!(answer instanceof LogReader.Answer.Found(LogRecord record)) || record.effect()[0] != lsn) {
            return -1;
        }
        boolean same = area.copyOut(
                record.half(), record.halfGeneration(), record.payloadPosition(), copy, 0, PAYLOAD_BYTES);
        if (!same) {
            return 9;
        }
        return copy.mismatch(payload((int) lsn)) < 0 ? (int) lsn : -2;
    }
}
