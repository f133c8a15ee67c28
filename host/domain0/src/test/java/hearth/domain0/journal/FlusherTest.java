package hearth.domain0.journal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.domain0.disk.Disk;
import hearth.domain0.disk.FileDisk;
import hearth.domain0.disk.TestRegions;
import hearth.memory.journal.JournalEntry;
import hearth.memory.journal.JournalHeader;
import hearth.memory.journal.JournalId;
import hearth.memory.journal.JournalLayout;
import hearth.memory.journal.JournalSummary;
import hearth.memory.log.LogLoader;
import hearth.memory.region.JournalState;
import hearth.memory.region.Region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// Goal: what the flusher calls flushed is in the journal and comes back into a fresh region after the host's death,
/// and a journal in trouble never stops anybody. Method: real regions, logs and files; closing a region without
/// anything else is the host's death.
class FlusherTest {
    @TempDir
    private Path folder;

    private final List<Event> events = new CopyOnWriteArrayList<>();

    private Flusher flusher(Region region, Journal journal) throws IOException {
        var loaded = LogRestore.restore(journal, TestLogWriter.area(region));
        assertThat(loaded).isInstanceOf(LogLoader.Loaded.Complete.class);
        long lastLsn = ((LogLoader.Loaded.Complete) loaded).lastLsn();
        return new Flusher(region, journal, lastLsn, Clock.SYSTEM, events::add);
    }

    @Test
    void whatWasFlushedIsInTheLogOfTheNextRegion() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 2);
        try (Region region = TestRegions.make("a")) {
            try (Flusher flusher = flusher(region, TestJournals.create(spec, events))) {
                var writer = new TestLogWriter(region, 1, 5000);
                for (int i = 0; i < 100; i++) {
                    writer.append();
                }
                await().until(() -> region.control().flushedLsn() == 100);
                assertThat(flusher.incarnationsReserved()).isEqualTo(Flusher.RESERVED_AHEAD);
            }
        }
        // Two further hosts: records of several regions stand in the journal side by side.
        for (int host = 1; host <= 2; host++) {
            try (Region region = TestRegions.make("a");
                    Flusher flusher = flusher(region, TestJournals.open(spec, events))) {
                assertThat(TestLogWriter.check(region, 1)).isEqualTo(100L * host);
                assertThat(region.control().flushedLsn()).isEqualTo(100L * host);
                assertThat(flusher.incarnationsReserved()).isEqualTo(Flusher.RESERVED_AHEAD * (1L + host));
                var writer = new TestLogWriter(region, 17, 5000);
                for (int i = 0; i < 100; i++) {
                    writer.append();
                }
                await().until(() -> region.control().flushedLsn() == writer.lastLsn());
            }
        }
    }

    @Test
    void whatNobodyWaitsForIsLeftToAConsistencyPointUnlessNoneComes() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        var clock = new HandClock();
        try (Region region = TestRegions.make("a")) {
            Journal journal = TestJournals.create(spec, events);
            LogRestore.restore(journal, TestLogWriter.area(region));
            try (Flusher flusher = new Flusher(region, journal, 0, clock, events::add)) {
                var writer = new TestLogWriter(region, 1, 5000);
                writer.appendUnstable();
                writer.append();
                await().until(() -> region.control().flushedLsn() == 2);
                writer.appendUnstable();
                writer.consistencyPoint(2);
                await().until(() -> flusher.summary().trimmedLsn() == 3);
                await().until(() -> region.control().flushedLsn() == 3);
                writer.appendUnstable();
                // The flusher has to have seen it before the two seconds begin.
                await().pollDelay(Duration.ofMillis(200)).until(() -> true);
                assertThat(region.control().flushedLsn()).as("nobody wants it").isEqualTo(3);
                clock.addMs(2_001);
                await().until(() -> region.control().flushedLsn() == 4);
            }
        }
    }

    @Test
    void consistencyPointsTrimAndTheirRootIsRemembered() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        try (Region region = TestRegions.make("a");
                Flusher flusher = flusher(region, TestJournals.create(spec, events))) {
            var writer = new TestLogWriter(region, 1, 50_000);
            for (int generation = 2; generation < 30; generation++) {
                for (int i = 0; i < 20; i++) {
                    assertThat(writer.append()).isTrue();
                }
                region.root().commit(new byte[Units.BLOCK_SIZE], generation);
                writer.consistencyPoint(generation);
            }
            writer.append();
            await().until(() -> region.control().flushedLsn() == writer.lastLsn());
            await().until(() -> flusher.summary().root().generation() == 29);
            assertThat(flusher.summary().root().lastLsn()).isEqualTo(writer.lastLsn() - 1);
            assertThat(flusher.degradedBecause()).isEmpty();
        }
        try (Region region = TestRegions.make("a");
                Flusher flusher = flusher(region, TestJournals.open(spec, events))) {
            assertThat(flusher.summary().root().generation()).isEqualTo(29);
            assertThat(TestLogWriter.check(region, 561)).isEqualTo(561);
        }
    }

    @Test
    void aFullJournalIsSaidAndRecoversWhenAConsistencyPointTrimsIt() throws IOException {
        JournalSpec spec = TestJournals.spec(folder, 1);
        // A log of 2 x 3 MiB fits into a circle of 8 MiB: filled by an older region's records, it does not.
        try (Journal journal = TestJournals.create(spec, events)) {
            journal.append(new JournalEntry.Incarnation(1, 1));
            journal.commit();
        }
        try (Region region = TestRegions.make("a")) {
            Journal journal = TestJournals.open(spec, events);
            var loaded = LogRestore.restore(journal, TestLogWriter.area(region));
            assertThat(loaded).isEqualTo(new LogLoader.Loaded.Complete(0, 0));
            for (long lsn = 1; lsn <= 5; lsn++) {
                assertThat(TestJournals.append(journal, lsn, Units.MIB)).isEqualTo(Journal.Append.ADDED);
                journal.commit();
            }
            // These five were never in this region's log; the flusher goes on where the log does.
            try (Flusher flusher = new Flusher(region, journal, 0, Clock.SYSTEM, events::add)) {
                var writer = new TestLogWriter(region, 1, 100_000);
                while (writer.append()) {
                    assertThat(writer.lastLsn()).isLessThan(100);
                }
                await().until(() -> region.control().journalState() == JournalState.DEGRADED);
                assertThat(flusher.degradedBecause()).isEqualTo("full");
                long flushed = region.control().flushedLsn();
                assertThat(flushed).isBetween(1L, writer.lastLsn() - 1);
                writer.consistencyPoint(2);
                await().until(() -> region.control().journalState() == JournalState.OK);
                writer.append();
                await().until(() -> region.control().flushedLsn() == writer.lastLsn());
            }
        }
        assertThat(events).extracting(Event::name).contains("journal.degraded", "journal.recovered");
    }

    @Test
    void oneFailingFileIsLeftAndAllFailingDegrade() throws IOException {
        var first = new FailingDisk(FileDisk.create(folder.resolve("one"), JournalSpec.SIZE_BYTES_MIN));
        var second = new FailingDisk(FileDisk.create(folder.resolve("two"), JournalSpec.SIZE_BYTES_MIN));
        try (Region region = TestRegions.make("a");
                Flusher flusher = flusher(region, journal(first, second))) {
            var writer = new TestLogWriter(region, 1, 100);
            first.failing = true;
            writer.append();
            await().until(() -> region.control().flushedLsn() == 1);
            assertThat(flusher.liveFiles()).containsExactly(folder.resolve("two"));
            assertThat(region.control().journalState()).isEqualTo(JournalState.OK);
            second.failing = true;
            writer.append();
            await().until(() -> region.control().journalState() == JournalState.DEGRADED);
            assertThat(region.control().flushedLsn()).isEqualTo(1);
        }
        assertThat(events).extracting(Event::name).contains("journal.file-failed", "journal.degraded");
    }

    @Test
    void aFlushThatHangsIsSaidWhileItHangs() throws IOException {
        var disk = new FailingDisk(FileDisk.create(folder.resolve("one"), JournalSpec.SIZE_BYTES_MIN));
        try (Region region = TestRegions.make("a"); Flusher flusher = flusher(region, journal(disk))) {
            var writer = new TestLogWriter(region, 1, 100);
            disk.hang = new CountDownLatch(1);
            writer.append();
            await().until(() -> {
                flusher.check(System.nanoTime() + 3_000_000_000L);
                return region.control().journalState() == JournalState.DEGRADED;
            });
            assertThat(flusher.degradedBecause()).isEqualTo("slow");
            disk.hang.countDown();
            await().until(() -> region.control().journalState() == JournalState.OK
                    && region.control().flushedLsn() == 1);
        }
    }

    @Test
    void labelsAndNumbersAskedForComeWithTheNextCommit() throws IOException {
        try (Region region = TestRegions.make("a");
                Flusher flusher = flusher(region, TestJournals.create(TestJournals.spec(folder, 1), events))) {
            flusher.labelled(7, 8);
            flusher.reserveMore();
            await().until(() -> flusher.summary().label().equals(new JournalEntry.Label(7, 8))
                    && flusher.incarnationsReserved() == 2 * Flusher.RESERVED_AHEAD);
        }
    }

    @Test
    void aDurablePositionThatMakesNoSenseIsNotBelieved() throws IOException {
        try (Region region = TestRegions.make("a");
                Flusher flusher = flusher(region, TestJournals.create(TestJournals.spec(folder, 1), events))) {
            TestLogWriter.area(region).durable(1_000_000);
            var writer = new TestLogWriter(region, 1, 100);
            writer.append();
            await().until(() -> !flusher.degradedBecause().isEmpty());
            assertThat(flusher.summary().trimmedLsn()).isZero();
        }
    }

    private Journal journal(FailingDisk... disks) throws IOException {
        var header = new JournalHeader(1, new JournalId(1, 2), "a", 77, JournalSpec.SIZE_BYTES_MIN,
                JournalLayout.ENTRIES_OFFSET, 1, JournalSummary.EMPTY);
        List<JournalFile> files = new ArrayList<>();
        for (int i = 0; i < disks.length; i++) {
            files.add(new JournalFile(folder.resolve(i == 0 ? "one" : "two"), disks[i]));
            files.getLast().writeHeader(header);
        }
        return new Journal("a", new JournalFiles("a", files), header, new JournalContent(header), events::add,
                Clock.SYSTEM);
    }

    /// A disk whose flushes fail or hang when told to.
    private static final class FailingDisk implements Disk {
        private final Disk below;
        private volatile boolean failing;
        private volatile CountDownLatch hang = new CountDownLatch(0);

        FailingDisk(Disk below) {
            this.below = below;
        }

        @Override
        public long readAt(MemorySegment to, long offsetBytes) throws IOException {
            return below.readAt(to, offsetBytes);
        }

        @Override
        public void writeAt(MemorySegment from, long offsetBytes) throws IOException {
            below.writeAt(from, offsetBytes);
        }

        @Override
        public void flush() throws IOException {
            try {
                hang.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (failing) {
                throw new IOException("no more");
            }
            below.flush();
        }

        @Override
        public long sizeBytes() {
            return below.sizeBytes();
        }

        @Override
        public void close() {
            below.close();
        }
    }

    /// A clock that stands until it is moved.
    private static final class HandClock implements Clock {
        private final AtomicLong ms = new AtomicLong(1);

        void addMs(long more) {
            ms.addAndGet(more);
        }

        @Override
        public long monotonicNs() {
            return TimeUnit.MILLISECONDS.toNanos(ms.get());
        }

        @Override
        public long wallNs() {
            return monotonicNs();
        }
    }
}
