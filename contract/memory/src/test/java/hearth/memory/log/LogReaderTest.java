package hearth.memory.log;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;

import hearth.memory.area.AreaMemory;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a reader that follows, one that lags, and a log that is loaded again into another region.
/// Method: real memory; a writer and a follower on two threads through areas of their own.
class LogReaderTest {
    private static final long HALF_BYTES = 4096;

    @Test
    void aLaggingReaderIsToldWhereToGoOn() {
        var area = TestLog.empty(new AreaMemory(TestLog.memory(HALF_BYTES)), HALF_BYTES);
        var writer = TestLog.attach(area, 1);
        TestLog.append(writer);
        writer.switchHalf(2, () -> {});
        TestLog.append(writer);
        area.durable(1);
        var reader = new LogReader(area);
        assertThat(reader.next(1)).as("free, but not yet used again").isInstanceOf(LogReader.Answer.Found.class);
        writer.switchHalf(3, () -> {});
        assertThat(reader.next(1)).isEqualTo(new LogReader.Answer.Freed(2));
        assertThat(reader.next(2)).isInstanceOf(LogReader.Answer.Found.class);
        assertThat(reader.next(3)).isEqualTo(new LogReader.Answer.End());
    }

    @Test
    void aFollowerOnAnotherThreadSeesEveryRecordOrItsLossToAConsistencyPoint() throws Exception {
        var memory = TestLog.memory(HALF_BYTES);
        var area = TestLog.empty(new AreaMemory(memory), HALF_BYTES);
        int records = 50_000;
        try (var threads = Executors.newFixedThreadPool(2)) {
            Callable<Long> following = () -> follow(new LogArea(memory, HALF_BYTES, TestLog.SEED), records);
            var follower = threads.submit(following);
            var writer = TestLog.attach(area, 1);
            while (writer.lastLsn() < records) {
                if (!TestLog.append(writer)) {
                    area.durable(writer.lastLsn());
                    writer.switchHalf(writer.halfHeader().cpGeneration() + 1, () -> {});
                }
            }
            assertThat(follower.get()).isPositive();
        }
    }

    private static long follow(LogArea area, int records) {
        var reader = new LogReader(area);
        var whole = Arena.ofAuto().allocate(RecordLayout.RECORD_BYTES_MAX, 64);
        long seen = 0;
        long lsn = 1;
        while (lsn <= records) {
            switch (reader.next(lsn, whole)) {
                case LogReader.Answer.Found(LogRecord record) -> {
                    assertThat(record.lsn()).isEqualTo(lsn);
                    byte[] payload = whole.asSlice(record.header().payloadOffset(), TestLog.PAYLOAD_BYTES)
                            .toArray(ValueLayout.JAVA_BYTE);
                    assertThat(payload).isEqualTo(TestLog.payload(lsn));
                    seen++;
                    lsn++;
                }
                case LogReader.Answer.End() -> Thread.onSpinWait();
                case LogReader.Answer.Freed(long first) -> {
                    assertThat(first).isGreaterThan(lsn);
                    lsn = first;
                }
                case LogReader.Answer.Corrupt(String why) -> throw new AssertionError("lsn " + lsn + ": " + why);
            }
        }
        return seen;
    }

    @Test
    void recordsAreLoadedIntoAnotherRegionUnderItsSeed() {
        var area = TestLog.empty(new AreaMemory(TestLog.memory(HALF_BYTES)), HALF_BYTES);
        var writer = TestLog.attach(area, 1);
        for (int i = 0; i < 5; i++) {
            TestLog.append(writer);
        }
        writer.switchHalf(2, () -> {});
        for (int i = 0; i < 4; i++) {
            TestLog.append(writer);
        }
        var records = TestLog.wholeRecords(area, 1);

        var fresh = new LogArea(TestLog.memory(HALF_BYTES), HALF_BYTES, 99);
        var loaded = new LogLoader(fresh).load(2, records.iterator(), TestLog.SEED);
        assertThat(loaded).isEqualTo(new LogLoader.Loaded.Complete(2, 9));
        assertThat(fresh.complaint()).isEmpty();
        assertThat(TestLog.readAll(fresh, 3)).isEqualTo(9);
        assertThat(fresh.half(0).orElseThrow().startLsn()).isEqualTo(3);
        assertThat(fresh.half(1).orElseThrow().startLsn()).isEqualTo(6);
        assertThat(fresh.durableLsn()).isEqualTo(2);
        var next = TestLog.attach(fresh, 2);
        TestLog.append(next);
        assertThat(TestLog.readAll(fresh, 3)).isEqualTo(10);
    }

    @Test
    void aGapOrAWrongSeedIsRefused() {
        var area = TestLog.empty(new AreaMemory(TestLog.memory(HALF_BYTES)), HALF_BYTES);
        var writer = TestLog.attach(area, 1);
        for (int i = 0; i < 3; i++) {
            TestLog.append(writer);
        }
        var records = TestLog.wholeRecords(area, 1);
        var gap = List.of(records.get(0), records.get(2));
        assertThat(new LogLoader(new LogArea(TestLog.memory(HALF_BYTES), HALF_BYTES, 99))
                .load(0, gap.iterator(), TestLog.SEED)).isInstanceOf(LogLoader.Loaded.Refused.class);
        assertThat(new LogLoader(new LogArea(TestLog.memory(HALF_BYTES), HALF_BYTES, 99))
                .load(0, records.iterator(), 5)).isEqualTo(new LogLoader.Loaded.Refused(1, "crc"));
    }

    @Test
    void anEmptyLogGoesOnBehindTheDurableLsn() {
        var area = new LogArea(TestLog.memory(HALF_BYTES), HALF_BYTES, TestLog.SEED);
        assertThat(area.complaint()).isPresent();
        assertThat(new LogLoader(area).load(41, Collections.emptyIterator(), 0))
                .isEqualTo(new LogLoader.Loaded.Complete(41, 41));
        var writer = TestLog.attach(area, 1);
        TestLog.append(writer);
        assertThat(TestLog.readAll(area, 42)).isEqualTo(42);
    }

    @Test
    void anIpv6AddressIsKeptWhole() {
        byte[] address = {32, 1, 13, -72, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
        assertThat(CallIdentity.of(address, 1, 2).address()).isEqualTo(address);
        byte[] four = {10, -1, 2, 3};
        assertThat(CallIdentity.of(four, 1, 2).address()).isEqualTo(four);
    }
}
