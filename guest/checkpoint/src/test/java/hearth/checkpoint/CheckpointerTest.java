package hearth.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import hearth.base.Check;
import hearth.base.Units;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionMaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: mark, apply, save: whatever happens between, a stale section is never taken for a fresh one.
/// Method: a real region, host's and guest's mappings; parts that remember one number.
class CheckpointerTest {
    private static final RegionGeometry GEOMETRY = new RegionGeometry(
            2L * Units.MIB, 2L * Units.MIB, 16, 64, 128, 16, 2L * Units.MIB, 4 * Units.KIB, 0);

    private final Region host;
    private final Region guest;

    CheckpointerTest() throws IOException {
        host = RegionMaker.make("a", GEOMETRY, new Random(1));
        guest = Region.attach(host.descriptors());
    }

    @AfterEach
    void close() {
        guest.close();
        host.close();
    }

    /// Discovers one byte.
    private static final class Part implements CheckpointPart {
        private final Section section;
        private byte value;

        Part(Section section, int value) {
            this.section = section;
            this.value = (byte) value;
        }

        @Override
        public Section section() {
            return section;
        }

        @Override
        public long fingerprint() {
            return value;
        }

        @Override
        public byte[] save() {
            return new byte[] {value};
        }

        @Override
        public void restore(byte[] state) throws RestoreException {
            if (state.length != 1) {
                throw new RestoreException(section, state.length + " bytes");
            }
            value = state[0];
        }
    }

    private Checkpointer checkpointer() {
        return new Checkpointer("a", guest.instance(), guest.control().hostCounters(), guest.guestCounters(),
                new RegionStore(guest.checkpointSlots()));
    }

    private BootPlan plan() throws IOException {
        Checkpointer successor = checkpointer();
        return BootPlanner.decide(new BootInputs(
                successor.load(), successor.readings(), guest.instance(), 0, false));
    }

    private Part boot(int value) throws IOException {
        Checkpointer checkpointer = checkpointer();
        CounterReadings before = checkpointer.readings();
        var part = new Part(Section.RAID, value);
        checkpointer.saveAll(List.of(part), before);
        return part;
    }

    @Test
    void aSuccessorRestoresWhatWasSaved() throws IOException {
        assertThat(plan().reason()).isEqualTo(BootPlan.Reason.NO_CHECKPOINT);
        boot(7);
        var plan = (BootPlan.FastRestart) plan();
        var part = new Part(Section.RAID, 0);
        Checkpointer.restore(plan.checkpoint(), List.of(part));
        assertThat(part.value).isEqualTo((byte) 7);
        assertThatThrownBy(() -> Checkpointer.restore(plan.checkpoint(), List.of(new Part(Section.DEVICES, 0))))
                .isInstanceOf(RestoreException.class).hasMessageContaining("DEVICES");
    }

    @Test
    void whatTheHostChangesWhileWeProbeIsNotMissed() throws IOException {
        Checkpointer checkpointer = checkpointer();
        CounterReadings before = checkpointer.readings();
        host.control().hostCounters().mark(Section.DEVICES.ordinal());
        checkpointer.saveAll(List.of(), before);
        assertThat(plan().reason()).isEqualTo(BootPlan.Reason.CHANGED);
        CounterReadings again = checkpointer.readings();
        checkpointer.save(new Part(Section.DEVICES, 1), again);
        assertThat(plan()).isInstanceOf(BootPlan.FastRestart.class);
    }

    @Test
    void aSectionIsStaleFromItsMarkToItsSave() throws IOException {
        Part part = boot(7);
        Checkpointer checkpointer = checkpointer();
        var mark = checkpointer.mark(Section.RAID);
        assertThat(plan().reason()).isEqualTo(BootPlan.Reason.CHANGED);
        part.value = 8;
        checkpointer.save(part, mark);
        Checkpoint saved = ((BootPlan.FastRestart) plan()).checkpoint();
        SectionState state = saved.section(Section.RAID).orElseThrow();
        assertThat(state.bytes()).containsExactly(8);
        assertThat(state.generation()).isEqualTo(2);
    }

    @Test
    void ofTwoMarksOnlyTheLaterSaveMakesFresh() throws IOException {
        Part part = boot(7);
        Checkpointer checkpointer = checkpointer();
        var first = checkpointer.mark(Section.RAID);
        var second = checkpointer.mark(Section.RAID);
        checkpointer.save(part, first);
        assertThat(plan().reason()).isEqualTo(BootPlan.Reason.CHANGED);
        checkpointer.save(part, second);
        assertThat(plan()).isInstanceOf(BootPlan.FastRestart.class);
    }

    @Test
    void aSaveOfOursDoesNotHideAChangeOfTheHosts() throws IOException {
        Part part = boot(7);
        Checkpointer checkpointer = checkpointer();
        host.control().hostCounters().mark(Section.RAID.ordinal());
        checkpointer.save(part, checkpointer.mark(Section.RAID));
        assertThat(plan().reason()).isEqualTo(BootPlan.Reason.CHANGED);
    }

    @Test
    void aCheckpointThatDoesNotFitIsRefusedAndTheOneBeforeStays() throws IOException {
        boot(7);
        var store = new RegionStore(guest.checkpointSlots());
        assertThatThrownBy(() -> store.write(new byte[5000])).isInstanceOf(CheckpointTooLargeException.class);
        assertThat(plan()).isInstanceOf(BootPlan.FastRestart.class);
    }

    @Test
    void twoPartsForOneSectionAreABug() {
        List<CheckpointPart> parts = List.of(new Part(Section.RAID, 1), new Part(Section.RAID, 2));
        assertThatThrownBy(() -> checkpointer().saveAll(parts, checkpointer().readings()))
                .isInstanceOf(Check.Failed.class);
    }
}
