package hearth.dmodule.nvlog;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import hearth.base.Clock;
import hearth.base.Units;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogLoader;
import hearth.memory.log.LogReader;
import hearth.memory.region.Area;
import hearth.memory.region.JournalState;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionMaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: domain 0 and its guest meet in the log of a real region, each through its own mapping.
/// Method: memfds made and attached as in production; the test plays the flusher.
class NvLogRegionTest {
    private static final RegionGeometry GEOMETRY = new RegionGeometry(
            2L * Units.MIB, 2L * Units.MIB, 16, 64, 128, 16, 2L * Units.MIB, 64 * Units.KIB, 0);

    private final Region host;
    private final Region guest;
    private final LogArea hostLog;

    NvLogRegionTest() throws IOException {
        host = RegionMaker.make("a", GEOMETRY, new Random(1));
        guest = Region.attach(host.descriptors());
        hostLog = new LogArea(host.area(Area.LOG).memory(), GEOMETRY.logHalfBytes(), host.instance());
    }

    @AfterEach
    void close() {
        guest.close();
        host.close();
    }

    private NvLog attach() {
        var log = new NvLog(NvLogParts.of(guest), 1, Clock.SYSTEM, event -> {});
        log.askForConsistencyPoints(reason -> {});
        return log;
    }

    @Test
    void aRegionWhoseLogWasNeverWrittenIsRefused() {
        assertThatThrownBy(() -> attach().replay(0, (position, record) -> {})).isInstanceOf(NvLogException.class)
                .hasMessageContaining("magic");
    }

    @Test
    void theFlusherIsWokenByWhoWaitsAndTheGuestSeesWhatIsFlushed() throws Exception {
        new LogLoader(hostLog).load(0, Collections.emptyIterator(), 0);
        NvLog log = attach();
        log.replay(0, (position, record) -> {});
        var bell = host.control().logBell(hostLog.bellWord());
        int seen = bell.sequence();
        for (int i = 1; i <= 3; i++) {
            log.append(Origin.of(TestRegion.caller(i)), TestRegion.effect(i), MemorySegment.NULL,
                    TestRegion.reply(i));
        }
        assertThat(bell.sequence()).as("nobody waits yet").isEqualTo(seen);
        assertThat(hostLog.wantedLsn()).isZero();
        var waiter = Thread.startVirtualThread(() -> log.awaitStable(3));
        assertThat(bell.await(seen, TimeUnit.SECONDS.toNanos(10))).isNotEqualTo(seen);
        assertThat(hostLog.wantedLsn()).isEqualTo(3);
        var reader = new LogReader(hostLog);
        List<Long> flushed = new ArrayList<>();
        for (long lsn = 1; reader.next(lsn) instanceof LogReader.Answer.Found; lsn++) {
            flushed.add(lsn);
        }
        assertThat(flushed).containsExactly(1L, 2L, 3L);

        var watcher = new Thread(() -> log.watchJournal(TimeUnit.SECONDS.toNanos(10)));
        watcher.start();
        host.control().setFlushedLsn(3);
        host.flushedBell().ring();
        waiter.join();
        watcher.join();
        assertThat(log.stableLsn()).isEqualTo(3);
        host.control().setJournalState(JournalState.DEGRADED);
        assertThat(NvLogParts.of(guest).flushed().degraded()).isTrue();
    }
}
