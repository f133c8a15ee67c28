package hearth.memory.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

import org.junit.jupiter.api.Test;

import hearth.base.Check;
import hearth.memory.area.AreaMemory;
import hearth.memory.area.WatchedMemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: whatever store a guest dies after, a reader sees a record whole or the end, and a successor goes on.
/// Method: the memory is copied after each store and read as a successor would; damage is done byte by byte.
class LogCrashTest {
    private static final long HALF_BYTES = 2048;

    private long readable;
    private int looks;

    @Test
    void deathAfterAnyStoreLeavesWholeRecordsAndTheEnd() {
        var memory = new WatchedMemory(TestLog.memory(HALF_BYTES));
        var area = TestLog.empty(memory, HALF_BYTES);
        var writer = TestLog.attach(area, 1);
        memory.watch(() -> successorGoesOn(memory.snapshot()));
        for (int lap = 0; lap < 4; lap++) {
            while (TestLog.append(writer)) {
                assertThat(readable).isEqualTo(writer.lastLsn());
            }
            area.durable(writer.lastLsn());
            writer.switchHalf(writer.halfHeader().cpGeneration() + 1, () -> {});
        }
        assertThat(writer.lastLsn()).isGreaterThan(20);
        assertThat(looks).isGreaterThan(400);
    }

    /// Reads all that is acknowledged, from the older half on, then appends as the next incarnation and reads again.
    private void successorGoesOn(MemorySegment left) {
        looks++;
        var area = new LogArea(left, HALF_BYTES, TestLog.SEED);
        long first = new LogReader(area).firstLsn().orElseThrow();
        long last = TestLog.readAll(area, first);
        assertThat(last).isEqualTo(area.committedLsn()).isBetween(readable, readable + 1);
        readable = last;
        var writer = TestLog.attach(area, 2);
        if (!TestLog.append(writer)) {
            area.durable(last);
            writer.switchHalf(writer.halfHeader().cpGeneration() + 1, () -> {});
            assertThat(TestLog.append(writer)).isTrue();
        }
        long from = new LogReader(area).firstLsn().orElseThrow();
        assertThat(TestLog.readAll(area, from)).isEqualTo(last + 1);
    }

    @Test
    void bytesOfAnEarlierLapNeverParse() {
        var memory = new AreaMemory(TestLog.memory(HALF_BYTES));
        var area = TestLog.empty(memory, HALF_BYTES);
        var writer = TestLog.attach(area, 1);
        int lap = 0;
        while (lap < 2) {
            if (!TestLog.append(writer)) {
                area.durable(writer.lastLsn());
                writer.switchHalf(writer.halfHeader().cpGeneration() + 1, () -> {});
                lap++;
            }
        }
        TestLog.append(writer);
        assertThat(area.activeHalf()).isZero();
        // As if a wild store had raised the word: the next record's place holds a good record of the first lap.
        memory.putLong(LogLayout.COMMITTED_LSN_OFFSET, writer.lastLsn() + 1);
        assertThat(new LogReader(area).next(writer.lastLsn() + 1)).isInstanceOf(LogReader.Answer.Corrupt.class);
    }

    @Test
    void everyFlippedBitOfHeaderOrBodyIsNoticed() {
        var memory = new AreaMemory(TestLog.memory(HALF_BYTES));
        var area = TestLog.empty(memory, HALF_BYTES);
        TestLog.append(TestLog.attach(area, 1));
        int end = RecordLayout.HEADER_BYTES + TestLog.body(1).length;
        byte[] good = new byte[end];
        memory.copyOut(area.offset(0, 0), good, 0, end);
        for (int bit = 0; bit < end * Byte.SIZE; bit++) {
            int at = bit / Byte.SIZE;
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << bit % Byte.SIZE);
            memory.copyIn(bad, 0, area.offset(0, 0), end);
            boolean attempts = at >= RecordLayout.ATTEMPTS_OFFSET && at < RecordLayout.BODY_LENGTH_OFFSET;
            assertThat(new LogReader(area).next(1)).as("byte %d", at)
                    .isInstanceOf(attempts ? LogReader.Answer.Found.class : LogReader.Answer.Corrupt.class);
        }
    }

    @Test
    void everyFlippedBitOfAHalfHeaderIsNoticed() {
        var memory = new AreaMemory(TestLog.memory(HALF_BYTES));
        var area = TestLog.empty(memory, HALF_BYTES);
        TestLog.append(TestLog.attach(area, 1));
        for (int bit = 0; bit < (HalfLayout.CRC_OFFSET + Integer.BYTES) * Byte.SIZE; bit++) {
            long at = LogLayout.HALF_0_OFFSET + bit / Long.SIZE * Long.BYTES;
            memory.putLong(at, memory.getLong(at) ^ 1L << bit % Long.SIZE);
            assertThat(new LogReader(area).next(1)).as("bit %d", bit).isInstanceOf(LogReader.Answer.Corrupt.class);
            memory.putLong(at, memory.getLong(at) ^ 1L << bit % Long.SIZE);
        }
        assertThat(new LogReader(area).next(1)).isInstanceOf(LogReader.Answer.Found.class);
    }

    @Test
    void aReaderSurvivesAnyGarbage() {
        for (int seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            var raw = TestLog.memory(HALF_BYTES);
            var area = TestLog.empty(new AreaMemory(raw), HALF_BYTES);
            var writer = TestLog.attach(area, 1);
            while (TestLog.append(writer)) {
                assertThat(writer.usedBytes()).isPositive();
            }
            for (int i = 0; i < 40; i++) {
                boolean inHeader = random.nextInt(4) == 0;
                long at = random.nextLong(inHeader ? LogLayout.HEADER_BYTES : raw.byteSize());
                raw.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
            }
            var reader = new LogReader(area);
            for (long lsn = 1; lsn < 12; lsn++) {
                if (reader.next(lsn) instanceof LogReader.Answer.Found(LogRecord record)) {
                    assertThat(record.lsn()).as("seed %d", seed).isEqualTo(lsn);
                    assertThat(record.header().call()).as("seed %d", seed).isEqualTo(TestLog.call(lsn));
                }
            }
        }
    }

    @Test
    void seedLsnAndIncarnationAreInTheCrc() {
        byte[] image = new byte[RecordLayout.HEADER_BYTES + 8];
        var header = new RecordHeader(5, 3, 1, (short) 1, (short) 0, 0, 8, 0, 0, CallIdentity.NONE);
        RecordCodec.encode(header, image, TestLog.SEED);
        assertThat(RecordCodec.parse(image, 5, TestLog.SEED)).isEqualTo(new RecordCodec.Parsed.Bad("not committed"));
        image[RecordLayout.COMMIT_OFFSET] = 5;
        assertThat(RecordCodec.parse(image, 5, TestLog.SEED)).isEqualTo(new RecordCodec.Parsed.Good(header));
        assertThat(RecordCodec.parse(image, 5, TestLog.SEED + 1)).isEqualTo(new RecordCodec.Parsed.Bad("crc"));
        assertThat(RecordCodec.parse(image, 6, TestLog.SEED)).isInstanceOf(RecordCodec.Parsed.Bad.class);
        image[RecordLayout.INCARNATION_OFFSET] = 4;
        assertThat(RecordCodec.parse(image, 5, TestLog.SEED)).isEqualTo(new RecordCodec.Parsed.Bad("crc"));
    }

    @Test
    void aHalfInUseIsNeverSwitchedTo() {
        var area = TestLog.empty(new AreaMemory(TestLog.memory(HALF_BYTES)), HALF_BYTES);
        var writer = TestLog.attach(area, 1);
        TestLog.append(writer);
        assertThat(writer.otherHalfFree()).isTrue();
        writer.switchHalf(2, () -> {});
        assertThat(writer.otherHalfFree()).isFalse();
        assertThatThrownBy(() -> writer.switchHalf(3, () -> {})).isInstanceOf(Check.Failed.class);
        area.durable(1);
        assertThat(writer.otherHalfFree()).isTrue();
    }
}
