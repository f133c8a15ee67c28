package hearth.dmodule.nvlog;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.cf.Caller;
import hearth.memory.log.LogRecord;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a repeated call gets its first answer, before and after a death, before and after its half is freed.
/// Method: real memory; a random run with deaths against what was answered, seeds in the assertion's name.
class DuplicateRequestsTest {
    private final TestRegion region = new TestRegion(16 * Units.KIB);
    private NvLog log = region.attach();

    private void die(long durableLsn) throws IOException {
        log = region.attach();
        assertThat(log.replay(durableLsn, (position, record) -> {})).isInstanceOf(ReplayOutcome.Replayed.class);
    }

    private DuplicateRequests.Ticket first(Caller caller) {
        return ((DuplicateRequests.Lookup.New) log.duplicates().lookup(caller)).ticket();
    }

    private void execute(Caller caller) {
        var ticket = first(caller);
        log.append(ticket.origin(), TestRegion.effect(caller.xid()), MemorySegment.NULL,
                TestRegion.reply(caller.xid()));
        log.duplicates().finished(ticket);
    }

    private void assertAnswered(Caller caller, String as) {
        assertThat(log.duplicates().lookup(caller)).as(as)
                .isInstanceOfSatisfying(DuplicateRequests.Lookup.Answered.class,
                        answered -> assertThat(answered.reply()).isEqualTo(TestRegion.reply(caller.xid())));
    }

    @Test
    void aRepeatedCallIsDroppedWhileTheFirstRunsAndThenAnswered() throws IOException {
        die(0);
        var caller = TestRegion.caller(5);
        var ticket = first(caller);
        assertThat(log.duplicates().lookup(caller)).isEqualTo(new DuplicateRequests.Lookup.Running());
        log.append(ticket.origin(), TestRegion.effect(5), MemorySegment.NULL, TestRegion.reply(5));
        assertThat(log.duplicates().lookup(caller)).isEqualTo(new DuplicateRequests.Lookup.Running());
        log.duplicates().finished(ticket);
        assertAnswered(caller, "from the log");
        assertThat(log.duplicates().running()).isZero();
        assertThat(log.duplicates().hits()).isEqualTo(1);
    }

    @Test
    void aCallThatFailedWithoutARecordIsNewAgain() throws IOException {
        die(0);
        log.duplicates().finished(first(TestRegion.caller(5)));
        log.duplicates().finished(first(TestRegion.caller(5)));
    }

    @Test
    void aReusedXidWithAnotherCallIsNew() throws IOException {
        die(0);
        execute(TestRegion.caller(5));
        var other = new Caller(new byte[] {10, 0, 0, 1}, 5, 99, 0, 0, new int[0], false);
        assertThat(log.duplicates().lookup(other)).isInstanceOf(DuplicateRequests.Lookup.New.class);
        var otherClient = new Caller(new byte[] {10, 0, 0, 2}, 5, 35, 0, 0, new int[0], false);
        assertThat(log.duplicates().lookup(otherClient)).isInstanceOf(DuplicateRequests.Lookup.New.class);
    }

    @Test
    void anAnswerSurvivesTheGapBetweenCommittedRootAndDurableLog() throws IOException {
        die(0);
        execute(TestRegion.caller(1));
        // The mounted fsinfo includes record 1, but the guest died before it told the log.
        die(1);
        assertAnswered(TestRegion.caller(1), "beyond the durable LSN");
    }

    @Test
    void whatWasGivenUpHasNoAnswer() throws IOException {
        die(0);
        for (int xid = 1; xid <= 4; xid++) {
            execute(TestRegion.caller(xid));
        }
        log = region.attach();
        assertThat(log.replay(0, new Replayer() {
            @Override
            public Optional<String> complaint(Position position, LogRecord record) {
                return record.lsn() == 3 ? Optional.of("payload") : Optional.empty();
            }

            @Override
            public void replay(Position position, LogRecord record) {
                // There is nothing that it would change.
            }
        })).isEqualTo(new ReplayOutcome.Damaged(3, 4, "payload"));
        log.acceptLoss();
        for (int look = 0; look < 2; look++) {
            assertAnswered(TestRegion.caller(1), "before the damage");
            assertAnswered(TestRegion.caller(2), "before the damage");
            for (int xid = 3; xid <= 4; xid++) {
                var lookup = log.duplicates().lookup(TestRegion.caller(xid));
                assertThat(lookup).as("given up").isInstanceOf(DuplicateRequests.Lookup.New.class);
                log.duplicates().finished(((DuplicateRequests.Lookup.New) lookup).ticket());
            }
            log.freeze();
            log.durable(4, look + 1);
        }
    }

    @Test
    void runningCallsAreBounded() throws IOException {
        die(0);
        for (int xid = 0; xid < DuplicateRequests.RUNNING_MAX; xid++) {
            first(TestRegion.caller(xid));
        }
        assertThat(log.duplicates().lookup(TestRegion.caller(-1))).isEqualTo(new DuplicateRequests.Lookup.Running());
    }

    @Test
    void everyAnswerIsFoundThroughDeathsAndConsistencyPoints() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            runWithDeaths(seed);
        }
    }

    private void runWithDeaths(int seed) throws IOException {
        var random = new Random(seed);
        var fresh = new DuplicateRequestsTest();
        long[] fsinfoLsn = {0};
        fresh.die(0);
        int xid = 0;
        while (xid < 500) {
            switch (random.nextInt(12)) {
                case 0 -> fresh.die(fsinfoLsn[0]);
                case 1, 2 -> {
                    long frozen = fresh.log.freeze().lastLsn();
                    fsinfoLsn[0] = frozen;
                    if (random.nextInt(4) > 0) {
                        fresh.log.durable(frozen, 1);
                    } else {
                        fresh.die(frozen);
                        fresh.log.durable(frozen, 1);
                    }
                }
                default -> {
                    if (fresh.log.roomFor(100, 0, 0)) {
                        fresh.execute(TestRegion.caller(++xid));
                    }
                }
            }
            if (xid > 0) {
                int asked = 1 + random.nextInt(xid);
                fresh.assertAnswered(TestRegion.caller(asked), "seed " + seed + " xid " + asked);
            }
        }
        assertThat(fresh.region.events).as("seed %d", seed).isEmpty();
    }

    @Test
    void theMapOfLiveAnswersGrowsToItsLimit() {
        var live = new LiveAnswers();
        var random = new Random(1);
        long[] hashes = random.longs(LiveAnswers.limit()).toArray();
        hashes[0] = 0;
        for (int i = 0; i < hashes.length; i++) {
            live.put(hashes[i], i);
        }
        for (int i = 0; i < hashes.length; i++) {
            assertThat(live.get(hashes[i])).isEqualTo(i);
        }
        assertThat(live.count()).isEqualTo(LiveAnswers.limit());
        live.clear();
        assertThat(live.get(hashes[1])).isEqualTo(LiveAnswers.NOWHERE);
    }
}
