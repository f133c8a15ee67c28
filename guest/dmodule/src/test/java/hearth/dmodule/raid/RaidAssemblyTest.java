package hearth.dmodule.raid;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

import org.junit.jupiter.api.Test;

import hearth.dmodule.disk.Disk;
import hearth.memory.label.DiskId;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelGeneration;
import hearth.memory.label.LabelRead;
import hearth.memory.label.MemberState;
import hearth.memory.label.RaidType;

import static org.assertj.core.api.Assertions.assertThat;

/// Every mixture of labels has one safe answer.
class RaidAssemblyTest {
    private static final MemberState IN = MemberState.IN_SYNC;
    private static final MemberState OUT = MemberState.MISSING;

    private final Random random = new Random(17);
    private final List<DiskId> ids = List.of(DiskId.random(random), DiskId.random(random), DiskId.random(random));
    private final LabelGeneration g1 = LabelGeneration.first(random);
    private final LabelGeneration g2 = g1.next(random);
    private final LabelGeneration g3 = g2.next(random);

    private DiskLabel label(int members, int position, LabelGeneration generation, MemberState... states) {
        List<DiskId> disks = ids.subList(0, members);
        List<Long> sizes = new ArrayList<>();
        disks.forEach(disk -> sizes.add(5000L));
        return DiskLabel.create(7, RaidType.MIRROR, disks, sizes, g1)
                .get(position)
                .withStates(List.of(states), generation, 1);
    }

    private static ProbedDisk at(int slot, DiskLabel label) {
        return new ProbedDisk(new Disk(slot, label.diskId(), 5000), Optional.of(new LabelRead.Valid(label)));
    }

    private static ProbedDisk at(int slot, LabelRead read) {
        return new ProbedDisk(new Disk(slot, DiskId.NONE, 5000), Optional.of(read));
    }

    private static Assembly assemble(ProbedDisk... disks) {
        return RaidAssembly.assemble(List.of(disks), Expectation.NONE);
    }

    private static Assembly.Assembled assembled(ProbedDisk... disks) {
        return (Assembly.Assembled) assemble(disks);
    }

    @Test
    void twoEqualHalvesAreAWholeGroup() {
        var found = assembled(at(4, label(2, 0, g1, IN, IN)), at(3, label(2, 1, g1, IN, IN)));
        assertThat(found.moveOn()).isFalse();
        assertThat(found.warnings()).isEmpty();
        assertThat(found.state().isDegraded()).isFalse();
        assertThat(found.state().members()).extracting(RaidMember::slot).containsExactly(4, 3);
        assertThat(found.state().generation()).isEqualTo(g1);
    }

    @Test
    void oneHalfStartsDegradedAndMovesOnFirst() {
        var found = assembled(at(0, label(2, 0, g1, IN, IN)));
        assertThat(found.moveOn()).isTrue();
        assertThat(found.state().inSync()).hasSize(1);
        assertThat(found.warnings()).hasSize(1).allMatch(text -> text.contains("missing"));
    }

    @Test
    void theSurvivorThatMovedOnAlreadyNeedNotAgain() {
        var found = assembled(at(0, label(2, 0, g2, IN, OUT)));
        assertThat(found.moveOn()).isFalse();
        assertThat(found.state().isDegraded()).isTrue();
    }

    @Test
    void theReturningHalfIsStale() {
        for (LabelGeneration survivors : List.of(g2, g3)) {
            var found = assembled(at(0, label(2, 0, survivors, IN, OUT)), at(1, label(2, 1, g1, IN, IN)));
            assertThat(found.state().inSync()).extracting(RaidMember::slot).containsExactly(0);
            assertThat(found.warnings()).hasSize(1).allMatch(text -> text.contains("old data"));
            assertThat(found.moveOn()).isFalse();
        }
    }

    @Test
    void theStaleHalfAloneIsRefusedOnlyByWhatTheJournalKnows() {
        ProbedDisk stale = at(1, label(2, 1, g1, IN, IN));
        assertThat(RaidAssembly.assemble(List.of(stale), new Expectation(OptionalLong.of(7), 2)))
                .isInstanceOf(Assembly.Incomplete.class);
        assertThat(RaidAssembly.assemble(List.of(stale), new Expectation(OptionalLong.of(7), 1)))
                .isInstanceOf(Assembly.Assembled.class);
    }

    @Test
    void halvesThatLivedApartAreRefused() {
        LabelGeneration other2 = g1.next(random);
        LabelGeneration other3 = other2.next(random);
        LabelGeneration other4 = other3.next(random);
        DiskLabel mine = label(2, 0, g2, IN, OUT);
        for (LabelGeneration theirs : List.of(other2, other3, other4)) {
            Assembly found = assemble(at(0, mine), at(1, label(2, 1, theirs, OUT, IN)));
            assertThat(found).isInstanceOfSatisfying(Assembly.Foreign.class,
                    foreign -> assertThat(foreign.why()).contains("lived apart"));
        }
        assertThat(assemble(at(0, label(2, 0, g3, IN, OUT)), at(1, label(2, 1, other2, OUT, IN))))
                .isInstanceOf(Assembly.Foreign.class);
    }

    @Test
    void aChangeOfLabelsThatDidNotReachAllIsFinished() {
        var found = assembled(
                at(0, label(3, 0, g2, IN, IN, OUT)),
                at(1, label(3, 1, g1, IN, IN, IN)),
                at(2, label(3, 2, g1, IN, IN, IN)));
        assertThat(found.moveOn()).isTrue();
        assertThat(found.state().inSync()).extracting(RaidMember::slot).containsExactly(0, 1);
    }

    @Test
    void anOldCopyOfADiskThatIsCalledInSyncIsRefused() {
        assertThat(assemble(at(0, label(2, 0, g3, IN, IN)), at(1, label(2, 1, g1, IN, IN))))
                .isInstanceOfSatisfying(Assembly.Foreign.class,
                        foreign -> assertThat(foreign.why()).contains("old copy"));
    }

    @Test
    void foreignDisksAreRefused() {
        ProbedDisk good = at(0, label(2, 0, g1, IN, IN));
        List<LabelRead> foreign = List.of(
                new LabelRead.Blank(), new LabelRead.Unknown(), new LabelRead.TooNew(9), new LabelRead.TooOld(0));
        for (LabelRead read : foreign) {
            assertThat(assemble(good, at(1, read))).isInstanceOf(Assembly.Foreign.class);
        }
        DiskLabel elsewhere = DiskLabel.create(8, RaidType.MIRROR, ids, List.of(5000L, 5000L, 5000L), g1).get(2);
        assertThat(assemble(good, at(1, elsewhere))).isInstanceOf(Assembly.Foreign.class);
        assertThat(RaidAssembly.assemble(List.of(good), new Expectation(OptionalLong.of(8), 0)))
                .isInstanceOf(Assembly.Foreign.class);
        assertThat(assemble(good, at(1, label(2, 0, g1, IN, IN)))).isInstanceOf(Assembly.Foreign.class);
        assertThat(assemble(good, at(1, label(3, 1, g1, IN, IN, IN)))).isInstanceOf(Assembly.Foreign.class);
    }

    @Test
    void damagedUnreadableAndShrunkDisksCountAsMissing() {
        ProbedDisk good = at(0, label(2, 0, g1, IN, IN));
        DiskLabel second = label(2, 1, g1, IN, IN);
        List<ProbedDisk> bad = List.of(
                at(1, new LabelRead.Corrupt("checksum")),
                new ProbedDisk(new Disk(1, ids.get(1), 5000), Optional.empty()),
                new ProbedDisk(new Disk(1, ids.get(1), 4999), Optional.of(new LabelRead.Valid(second))));
        for (ProbedDisk other : bad) {
            var found = assembled(good, other);
            assertThat(found.state().inSync()).extracting(RaidMember::slot).containsExactly(0);
            assertThat(found.moveOn()).isTrue();
            assertThat(found.warnings()).isNotEmpty();
        }
    }

    @Test
    void nothingInSyncIsIncomplete() {
        assertThat(assemble()).isInstanceOf(Assembly.Incomplete.class);
        assertThat(assemble(at(0, new LabelRead.Corrupt("checksum")))).isInstanceOf(Assembly.Incomplete.class);
        // Of three, the one left behind and the one that knows of it but is too small.
        DiskLabel small = label(3, 0, g2, IN, OUT, OUT);
        ProbedDisk shrunk = new ProbedDisk(new Disk(0, small.diskId(), 4990), Optional.of(new LabelRead.Valid(small)));
        assertThat(assemble(shrunk, at(1, label(3, 1, g1, IN, IN, IN)))).isInstanceOf(Assembly.Incomplete.class);
    }

    @Test
    void statesAreBytesAndBackAndGarbageIsNone() {
        var state = assembled(at(0, label(2, 0, g2, IN, OUT)), at(1, label(2, 1, g1, IN, IN))).state();
        byte[] bytes = RaidStateCodec.encode(state);
        assertThat(RaidStateCodec.decode(bytes)).contains(state);
        int decoded = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = random.nextBoolean() ? bytes.clone() : java.util.Arrays.copyOf(bytes, random.nextInt(200));
            for (int flips = random.nextInt(4); flips > 0 && bad.length > 0; flips--) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            decoded += RaidStateCodec.decode(bad).isPresent() ? 1 : 0;
        }
        assertThat(decoded).isBetween(1, 19_999);
    }
}
