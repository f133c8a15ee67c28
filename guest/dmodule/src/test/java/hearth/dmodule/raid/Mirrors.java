package hearth.dmodule.raid;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.dmodule.disk.Disk;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.dmodule.disk.TestMachine;
import hearth.memory.label.DiskId;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelGeneration;
import hearth.memory.label.RaidType;

/// Labelled disks and mirrors on them, for tests.
final class Mirrors {
    static final long AGGREGATE = 0xA66;

    final List<Event> events = Collections.synchronizedList(new ArrayList<>());
    final List<RaidState> saved = Collections.synchronizedList(new ArrayList<>());
    final List<String> membership = Collections.synchronizedList(new ArrayList<>());
    private final Random random = new Random(99);

    /// What domain 0 does once, for new disks.
    static void label(TestMachine machine) throws IOException {
        List<DiskId> ids = machine.disks.stream().map(Disk::id).toList();
        List<Long> sizes = machine.disks.stream().map(Disk::sizeBlocks).toList();
        List<DiskLabel> labels =
                DiskLabel.create(AGGREGATE, RaidType.MIRROR, ids, sizes, LabelGeneration.first(new Random(1)));
        for (int i = 0; i < labels.size(); i++) {
            machine.setLabel(i, labels.get(i).encode());
        }
    }

    Mirror.Setting setting(long incarnation) {
        return new Mirror.Setting(incarnation, random, Clock.SYSTEM, events::add, new MembershipListener() {
            @Override
            public void changing() {
                membership.add("changing");
            }

            @Override
            public void changed(RaidState state) {
                membership.add("changed");
                saved.add(state);
            }
        });
    }

    static Assembly assemble(DiskFrontEnd front, List<Disk> disks) {
        return RaidAssembly.assemble(LabelProbe.probe(front, disks), Expectation.NONE);
    }

    /// Probes the labels of these disks and opens what they are.
    Mirror open(DiskFrontEnd front, List<Disk> disks) throws IOException {
        Assembly.Assembled found = (Assembly.Assembled) assemble(front, disks);
        return Mirror.open(front, found.state(), found.moveOn(), setting(1));
    }
}
