package hearth.checkpoint;

import java.util.EnumMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import hearth.checkpoint.BootPlan.ConventionalBoot;
import hearth.checkpoint.BootPlan.FastRestart;
import hearth.checkpoint.BootPlan.Reason;
import hearth.memory.region.SectionCounters.SectionCounter;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: fast only when both counters of all sections match. Method: the pure function over every way to miss that.
class BootPlannerTest {
    private static final long REGION = 9;

    private final Map<Section, SectionCounter> host = counters(REGION, 3);
    private final Map<Section, SectionCounter> guest = counters(REGION, 4);
    private final Map<Section, SectionState> saved = new EnumMap<>(Section.class);

    BootPlannerTest() {
        for (Section section : Section.values()) {
            saved.put(section, new SectionState(1, 0, new SectionCounter(REGION, 3), new SectionCounter(REGION, 4),
                    new byte[0]));
        }
    }

    private static Map<Section, SectionCounter> counters(long instance, long counter) {
        Map<Section, SectionCounter> counters = new EnumMap<>(Section.class);
        for (Section section : Section.values()) {
            counters.put(section, new SectionCounter(instance, counter));
        }
        return counters;
    }

    private BootPlan decide(Decoded found, int failedStarts, boolean askedFor) {
        var now = new CounterReadings(host, guest);
        return BootPlanner.decide(new BootInputs(found, now, REGION, failedStarts, askedFor));
    }

    private BootPlan decide() {
        return decide(new Decoded.Valid(new Checkpoint("a", REGION, saved)), 0, false);
    }

    @Test
    void allSectionsFreshIsAFastRestart() {
        assertThat(decide()).isInstanceOf(FastRestart.class);
        assertThat(decide().code()).isEqualTo(1);
        assertThat(decide().reason()).isEqualTo(Reason.NONE);
    }

    @Test
    void anyOneCounterThatMovedIsNot() {
        for (Section section : Section.values()) {
            host.put(section, new SectionCounter(REGION, 4));
            assertThat(decide()).isEqualTo(
                    new ConventionalBoot(Reason.CHANGED, Map.of(section, Freshness.HOST_CHANGED)));
            guest.put(section, new SectionCounter(REGION, 5));
            assertThat(decide()).isEqualTo(
                    new ConventionalBoot(Reason.CHANGED, Map.of(section, Freshness.BOTH_CHANGED)));
            host.put(section, new SectionCounter(REGION, 3));
            assertThat(decide()).isEqualTo(
                    new ConventionalBoot(Reason.CHANGED, Map.of(section, Freshness.GUEST_CHANGED)));
            guest.put(section, new SectionCounter(REGION, 4));
            assertThat(decide()).isInstanceOf(FastRestart.class);
        }
    }

    @Test
    void aMissingSectionIsNot() {
        saved.remove(Section.CLUSTER);
        assertThat(decide()).isEqualTo(
                new ConventionalBoot(Reason.CHANGED, Map.of(Section.CLUSTER, Freshness.MISSING)));
    }

    @Test
    void equalCountersOfAnotherRegionAreNotFresh() {
        host.putAll(counters(8, 3));
        saved.replaceAll((section, state) -> new SectionState(1, 0, new SectionCounter(8, 3), state.guest(),
                new byte[0]));
        assertThat(decide()).isInstanceOfSatisfying(ConventionalBoot.class,
                boot -> assertThat(boot.stale()).hasSize(6).containsValue(Freshness.HOST_CHANGED));
        var foreign = new Checkpoint("a", 8, saved);
        assertThat(decide(new Decoded.Valid(foreign), 0, false))
                .isEqualTo(new ConventionalBoot(Reason.FOREIGN_CHECKPOINT));
    }

    @Test
    void everyBadCheckpointHasItsReason() {
        assertThat(decide(new Decoded.Absent(), 0, false)).isEqualTo(new ConventionalBoot(Reason.NO_CHECKPOINT));
        assertThat(decide(new Decoded.Corrupt("crc"), 0, false))
                .isEqualTo(new ConventionalBoot(Reason.CORRUPT_CHECKPOINT));
        assertThat(decide(new Decoded.TooOld(0), 0, false)).isEqualTo(new ConventionalBoot(Reason.OLD_CHECKPOINT));
        assertThat(decide(new Decoded.TooNew(2), 0, false)).isEqualTo(new ConventionalBoot(Reason.NEW_CHECKPOINT));
        assertThat(decide(new Decoded.Foreign("of domain b"), 0, false))
                .isEqualTo(new ConventionalBoot(Reason.FOREIGN_CHECKPOINT));
    }

    @Test
    void failedStartsAndWishesComeBeforeTheCheckpoint() {
        var good = new Decoded.Valid(new Checkpoint("a", REGION, saved));
        assertThat(decide(good, 1, false)).isInstanceOf(FastRestart.class);
        assertThat(decide(good, 2, false)).isEqualTo(new ConventionalBoot(Reason.FAILED_STARTS));
        assertThat(decide(good, 0, true)).isEqualTo(new ConventionalBoot(Reason.ASKED_FOR));
        assertThat(decide(good, 0, true).code()).isEqualTo(3);
    }
}
