package hearth.domain0.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.domain0.disk.TestRegions;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.channel.ChannelMessage.JournalPiece;
import hearth.memory.log.LogLoader;
import hearth.memory.log.LogReader;
import hearth.memory.log.RecordLayout;
import hearth.memory.region.Region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// Goal: a record that was flushed comes back as it stood in the log of the region that asks, while the flusher works,
/// also when it was flushed by a host before; one that was trimmed or never flushed does not come.
/// Method: real regions, logs and files.
class RecordFetcherTest {
    private static final int LONG = 100_000;

    @TempDir
    private Path folder;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final BlockingQueue<JournalPiece> pieces = new LinkedBlockingQueue<>();

    private static byte[] inLog(Region region, long lsn) {
        try (Arena arena = Arena.ofConfined()) {
            var to = arena.allocate(RecordLayout.RECORD_BYTES_MAX);
            var reader = new LogReader(TestLogWriter.area(region));
            if (!(reader.next(lsn, to) instanceof LogReader.Answer.Found(var found))) {
                throw new AssertionError("record " + lsn + " is not in the log");
            }
            return to.asSlice(0, found.header().length()).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private byte[] fetch(RecordFetcher fetcher, long lsn) throws InterruptedException {
        var record = new ByteArrayOutputStream();
        while (true) {
            fetcher.want(lsn, record.size(), pieces::add);
            JournalPiece piece = pieces.poll(30, TimeUnit.SECONDS);
            assertThat(piece).isNotNull();
            assertThat(piece.lsn()).isEqualTo(lsn);
            assertThat(piece.fromByte()).isEqualTo(record.size());
            assertThat(piece.bytes().length).isLessThanOrEqualTo(ChannelMessage.PIECE_BYTES_MAX);
            record.writeBytes(piece.bytes());
            if (record.size() == piece.totalBytes()) {
                return record.toByteArray();
            }
        }
    }

    private Flusher flusher(Region region, Journal journal) throws IOException {
        var loaded = (LogLoader.Loaded.Complete) LogRestore.restore(journal, TestLogWriter.area(region));
        return new Flusher(region, journal, loaded.lastLsn(), Clock.SYSTEM, events::add);
    }

    private RecordFetcher fetcher(Region region, Journal journal) {
        return new RecordFetcher("a", journal, region.instance(), Clock.SYSTEM, events::add);
    }

    @Test
    void whatWasFlushedComesBackInAnyOrderAndOverAHostsDeath() throws Exception {
        JournalSpec spec = TestJournals.spec(folder, 2);
        for (int host = 0; host < 2; host++) {
            Journal journal = host == 0 ? TestJournals.create(spec, events) : TestJournals.open(spec, events);
            try (Region region = TestRegions.make("a");
                    Flusher flusher = flusher(region, journal);
                    RecordFetcher fetcher = fetcher(region, journal)) {
                var writer = new TestLogWriter(region, 1, LONG);
                for (int i = 0; i < 10; i++) {
                    writer.append();
                }
                await().until(() -> region.control().flushedLsn() == writer.lastLsn());
                for (long lsn : new long[] {1, 2, 7, 3, writer.lastLsn(), 1}) {
                    assertThat(fetch(fetcher, lsn)).as("record %d, host %d", lsn, host).isEqualTo(inLog(region, lsn));
                }
                assertThat(fetch(fetcher, writer.lastLsn() + 1)).as("never written").isEmpty();
                writer.append();
                await().until(() -> region.control().flushedLsn() == writer.lastLsn());
                assertThat(fetch(fetcher, writer.lastLsn())).isEqualTo(inLog(region, writer.lastLsn()));
                fetcher.rest();
                assertThat(fetch(fetcher, 4)).isEqualTo(inLog(region, 4));
                assertThat(flusher.degradedBecause()).isEmpty();
            }
        }
        assertThat(events).isEmpty();
    }

    @Test
    void recordsComeBackWhileTheFlusherGoesRoundTheCircle() throws Exception {
        Journal journal = TestJournals.create(TestJournals.spec(folder, 2), events);
        try (Region region = TestRegions.make("a");
                Flusher flusher = flusher(region, journal);
                RecordFetcher fetcher = fetcher(region, journal)) {
            var writer = new TestLogWriter(region, 1, LONG);
            int fetched = 0;
            for (int generation = 2; generation < 40; generation++) {
                for (int i = 0; i < 12; i++) {
                    assertThat(writer.append()).isTrue();
                    long flushed = region.control().flushedLsn();
                    if (flushed > 0 && TestLogWriter.area(region).durableLsn() < flushed) {
                        assertThat(fetch(fetcher, flushed)).isEqualTo(inLog(region, flushed));
                        fetched++;
                    }
                }
                long last = writer.lastLsn();
                await().until(() -> region.control().flushedLsn() == last);
                for (long lsn : new long[] {last - 5, last}) {
                    assertThat(fetch(fetcher, lsn)).isEqualTo(inLog(region, lsn));
                    fetched++;
                }
                writer.consistencyPoint(generation);
            }
            assertThat(fetched).isGreaterThanOrEqualTo(2 * 38);
            assertThat(journal.capacityBytes()).isLessThan(40L * 12 * LONG);
            long first = writer.lastLsn();
            writer.append();
            await().until(() -> flusher.summary().trimmedLsn() == first);
            assertThat(fetch(fetcher, 1)).as("trimmed and written over").isEmpty();
            assertThat(fetch(fetcher, first + 1)).hasSizeGreaterThan(Units.KIB);
        }
    }
}
