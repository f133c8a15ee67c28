package hearth.domain0.journal;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import hearth.memory.bell.Doorbell;
import hearth.memory.log.CallIdentity;
import hearth.memory.log.HalfHeader;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogWriter;
import hearth.memory.log.RecordLayout;
import hearth.memory.region.Area;
import hearth.memory.region.Region;

/// A guest's hand on the log of a real region: appends records whose body and payload follow from their LSN.
public final class TestLogWriter {
    private final LogArea area;
    private final LogWriter writer;
    private final int payloadBytes;
    private final Doorbell bell;

    public TestLogWriter(Region region, long incarnation, int payloadBytes) {
        this.area = area(region);
        this.payloadBytes = payloadBytes;
        bell = region.control().logBell(area.bellWord().asSlice(0, Integer.BYTES));
        int active = area.activeHalf();
        HalfHeader half = area.half(active).orElseThrow();
        var end = new LogReader.Position(active, half.generation(), 0, half.startLsn());
        var reader = new LogReader(area);
        for (long lsn = half.startLsn(); lsn <= area.committedLsn(); lsn++) {
            if (!(reader.next(lsn) instanceof LogReader.Answer.Found)) {
                throw new AssertionError("record " + lsn + " is not there");
            }
            end = reader.position();
        }
        writer = new LogWriter(area, incarnation, end);
    }

    public static LogArea area(Region region) {
        return new LogArea(region.area(Area.LOG).memory(), region.geometry().logHalfBytes(), region.instance());
    }

    /// Appends one record and wants it flushed; false when the half is full.
    public boolean append() {
        if (!appendUnstable()) {
            return false;
        }
        area.want(writer.lastLsn());
        bell.ring();
        return true;
    }

    /// Appends one record that nobody waits for; false when the half is full.
    public boolean appendUnstable() {
        long lsn = writer.lastLsn() + 1;
        byte[] body = text(lsn).getBytes(StandardCharsets.UTF_8);
        if (!(writer.claim(body.length, payloadBytes) instanceof LogWriter.Claim.Claimed(var record))) {
            return false;
        }
        byte[] payload = new byte[payloadBytes];
        Arrays.fill(payload, (byte) lsn);
        record.payload(0, MemorySegment.ofArray(payload), 0, payloadBytes);
        byte[] image = new byte[RecordLayout.HEADER_BYTES + body.length];
        System.arraycopy(body, 0, image, RecordLayout.HEADER_BYTES, body.length);
        record.fill((short) 1, (short) 0, CallIdentity.NONE, image, 0);
        record.commit();
        return true;
    }

    private static String text(long lsn) {
        return "record " + lsn;
    }

    /// As a consistency point would: all that is committed is durable, and the other half is taken.
    public void consistencyPoint(long generation) {
        if (writer.otherHalfFree()) {
            writer.switchHalf(generation, () -> {});
        }
        area.durable(writer.lastLsn());
    }

    public long lastLsn() {
        return writer.lastLsn();
    }

    /// Reads all records from `first` to the end and checks each; the last LSN.
    public static long check(Region region, long first) {
        LogArea area = area(region);
        var reader = new LogReader(area);
        long lsn = first;
        while (reader.next(lsn) instanceof LogReader.Answer.Found(var record)) {
            if (!new String(record.effect(), StandardCharsets.UTF_8).equals(text(lsn))) {
                throw new AssertionError("record " + lsn + " has another body");
            }
            byte[] payload = new byte[record.header().payloadLength()];
            area.copyOut(record.half(), record.halfGeneration(), record.payloadPosition(), payload, 0, payload.length);
            for (byte b : payload) {
                if (b != (byte) lsn) {
                    throw new AssertionError("record " + lsn + " has another payload");
                }
            }
            lsn++;
        }
        return lsn - 1;
    }
}
