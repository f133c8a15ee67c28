package hearth.memory.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import hearth.memory.area.WatchedMemory;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a guest may die at any store with which it puts damaged records back or leads over them: the next one finds
/// each record good or damaged, never another one, and comes to the same end. Method: the memory is looked at after
/// every store, pieces of 16 bytes being stores, and handed to a successor that does the work again.
class LogMendTest {
    private static final long HALF_BYTES = 8192;
    private static final int RECORDS = 6;

    private final WatchedMemory memory = new WatchedMemory(TestLog.memory(HALF_BYTES));
    private final LogArea area = TestLog.empty(memory, HALF_BYTES);
    private List<MemorySegment> journal = List.of();
    private long[] begins = {};
    private int looks;

    private void fill() {
        LogWriter writer = TestLog.attach(area, 1);
        begins = new long[RECORDS + 2];
        for (int lsn = 1; lsn <= RECORDS; lsn++) {
            assertThat(TestLog.append(writer)).isTrue();
        }
        journal = TestLog.wholeRecords(area, 1);
        for (int lsn = 1; lsn <= RECORDS; lsn++) {
            begins[lsn + 1] = begins[lsn] + journal.get(lsn - 1).byteSize();
        }
    }

    private LogReader.Position place(LogArea of, int lsn) {
        return new LogReader.Position(0, of.halfGeneration(0), begins[lsn], lsn);
    }

    private void damage(int lsn) {
        byte[] noise = new byte[(int) journal.get(lsn - 1).byteSize()];
        Arrays.fill(noise, (byte) 0x55);
        memory.copyIn(noise, 0, area.offset(0, begins[lsn]), noise.length);
    }

    private static boolean isGood(LogArea of, LogReader.Position place) {
        byte[] image = new byte[RecordLayout.HEADER_BYTES + TestLog.body(place.nextLsn()).length];
        of.copyOut(place.half(), place.halfGeneration(), place.bytes(), image, 0, image.length);
        return RecordCodec.parse(image, place.nextLsn(), of.seed()) instanceof RecordCodec.Parsed.Good;
    }

    private byte[] copy(int lsn) {
        return journal.get(lsn - 1).toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void aRecordIsPutBackWhereverTheGuestDies() {
        fill();
        damage(3);
        damage(4);
        memory.watch(() -> {
            looks++;
            var left = new LogArea(memory.snapshot(), HALF_BYTES, TestLog.SEED);
            for (int lsn = 3; lsn <= 4; lsn++) {
                // Good means whole: it is not fetched again.
                if (!isGood(left, place(left, lsn))) {
                    assertThat(LogMender.put(left, place(left, lsn), copy(lsn)))
                            .isInstanceOf(LogMender.Mended.Done.class);
                }
            }
            assertThat(TestLog.readAll(left, 1)).isEqualTo(RECORDS);
        });
        assertThat(LogMender.put(area, place(area, 3), copy(3))).isInstanceOf(LogMender.Mended.Done.class);
        assertThat(LogMender.put(area, place(area, 4), copy(4))).isInstanceOf(LogMender.Mended.Done.class);
        assertThat(looks).as("stores").isGreaterThan(20);
        assertThat(TestLog.readAll(area, 1)).isEqualTo(RECORDS);
    }

    @Test
    void nothingIsStoredForWhatIsNotTheRecord() {
        fill();
        damage(3);
        memory.watch(() -> {
            throw new AssertionError("a store");
        });
        byte[] cut = Arrays.copyOf(copy(3), 100);
        byte[] flipped = copy(3);
        flipped[RecordLayout.HEADER_BYTES] ^= 1;
        for (byte[] wrong : List.of(copy(4), cut, flipped, new byte[0])) {
            assertThat(LogMender.put(area, place(area, 3), wrong)).isInstanceOf(LogMender.Mended.Refused.class);
        }
        LogReader.Position lapped = new LogReader.Position(0, area.halfGeneration(0) + 2, begins[3], 3);
        assertThat(LogMender.put(area, lapped, copy(3))).isInstanceOf(LogMender.Mended.Refused.class);
    }

    @Test
    void theWayOverDamagedRecordsIsMadeWhereverTheGuestDies() {
        fill();
        damage(2);
        damage(3);
        damage(4);
        memory.watch(() -> {
            looks++;
            var left = new LogArea(memory.snapshot(), HALF_BYTES, TestLog.SEED);
            bridge(left);
            assertBridged(left);
        });
        bridge(area);
        assertThat(looks).as("stores").isGreaterThan(20);
        assertBridged(area);
    }

    /// What replay does: from the first damaged record to the first good one behind it.
    private void bridge(LogArea of) {
        int first = 2;
        while (first <= 4 && isRecord(of, first)) {
            first++;
        }
        if (first > 4) {
            return;
        }
        LogReader.Position at = place(of, first);
        long bytes = begins[5] - at.bytes();
        if (first > 2) {
            // Those that were made already have their own lengths.
            at = new LogReader.Position(0, of.halfGeneration(0), endOf(of, first - 1), first);
            bytes = begins[5] - at.bytes();
        }
        Optional<LogBridge.Bank> bank = LogBridge.nextGood(of, at, RECORDS);
        assertThat(bank).as("the first good one").hasValue(new LogBridge.Bank(5, begins[5]));
        assertThat(LogBridge.fill(of, at, 5 - first, bytes)).isTrue();
    }

    private boolean isRecord(LogArea of, int lsn) {
        return new LogReader(of).next(lsn) instanceof LogReader.Answer.Found;
    }

    private static long endOf(LogArea of, int lsn) {
        var reader = new LogReader(of);
        assertThat(reader.next(lsn)).isInstanceOf(LogReader.Answer.Found.class);
        return reader.position().bytes();
    }

    private void assertBridged(LogArea of) {
        var reader = new LogReader(of);
        for (long lsn = 1; lsn <= RECORDS; lsn++) {
            assertThat(reader.next(lsn)).as("record %d", lsn).isInstanceOf(LogReader.Answer.Found.class);
            LogRecord record = ((LogReader.Answer.Found) new LogReader(of).next(lsn)).record();
            if (lsn >= 2 && lsn <= 4) {
                assertThat(record.effect()).as("effect of record %d", lsn).isEmpty();
                assertThat(record.header().call()).isEqualTo(CallIdentity.NONE);
            } else {
                TestLog.assertIs(of, record, lsn);
            }
        }
    }
}
