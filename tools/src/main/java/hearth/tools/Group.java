package hearth.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import hearth.dmodule.disk.Disk;
import hearth.dmodule.raid.Assembly;
import hearth.dmodule.raid.Expectation;
import hearth.dmodule.raid.ProbedDisk;
import hearth.dmodule.raid.RaidAssembly;
import hearth.dmodule.raid.RaidMember;
import hearth.dmodule.raid.RaidState;
import hearth.memory.label.DiskGeometry;
import hearth.memory.label.DiskId;
import hearth.memory.label.LabelCodec;
import hearth.memory.label.LabelRead;
import hearth.memory.label.MemberState;

/// The disks of one aggregate, put together by their labels as a start of the controller would, but without a write.
///
/// @param members those in sync: each must hold everything
/// @param notes what is no damage but worth saying: a disk that is missing or was left behind
/// @param problems labels that are damaged or cannot be read
record Group(RaidState state, List<DiskFile> members, List<String> notes, List<String> problems) {
    Group {
        members = List.copyOf(members);
        notes = List.copyOf(notes);
        problems = List.copyOf(problems);
    }

    static Group assemble(List<DiskFile> disks) throws UnusableDisksException {
        var problems = new ArrayList<String>();
        var probed = new ArrayList<ProbedDisk>();
        for (int slot = 0; slot < disks.size(); slot++) {
            DiskFile disk = disks.get(slot);
            if (disk.sizeBlocks() < DiskGeometry.BLOCKS_MIN) {
                throw new UnusableDisksException(disk + ": too small to be a disk of an aggregate");
            }
            probed.add(new ProbedDisk(new Disk(slot, DiskId.NONE, disk.sizeBlocks()), label(disk, problems)));
        }
        return switch (RaidAssembly.assemble(probed, Expectation.NONE)) {
            case Assembly.Assembled(RaidState state, boolean _, List<String> warnings) -> new Group(
                    state, members(state, disks), named(warnings, state, disks), problems);
            case Assembly.Incomplete(String why) -> throw new UnusableDisksException(named(why, disks));
            case Assembly.Foreign(String why) -> throw new UnusableDisksException(
                    named(why, disks) + "; name all disks of one aggregate and no other");
        };
    }

    private static Optional<LabelRead> label(DiskFile disk, List<String> problems) {
        Optional<byte[]> front = copy(disk, "front", DiskGeometry.FRONT_LABEL_DBN, problems);
        Optional<byte[]> back = copy(disk, "back", DiskGeometry.backLabelDbn(disk.sizeBlocks()), problems);
        if (front.isEmpty() || back.isEmpty()) {
            return front.or(() -> back).map(LabelCodec::decode);
        }
        LabelRead chosen = LabelCodec.choose(front.get(), back.get());
        if (chosen instanceof LabelRead.Valid) {
            damage(front.get()).ifPresent(why -> problems.add("disk " + disk + ": front label: " + why));
            damage(back.get()).ifPresent(why -> problems.add("disk " + disk + ": back label: " + why));
        } else if (chosen instanceof LabelRead.Corrupt(String why)) {
            problems.add("disk " + disk + ": both labels: " + why);
        }
        return Optional.of(chosen);
    }

    private static Optional<byte[]> copy(DiskFile disk, String which, long dbn, List<String> problems) {
        try {
            return Optional.of(disk.block(dbn));
        } catch (IOException e) {
            problems.add("disk " + disk + ": " + which + " label: cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<String> damage(byte[] label) {
        return switch (LabelCodec.decode(label)) {
            case LabelRead.Valid _ -> Optional.empty();
            case LabelRead.Blank _ -> Optional.of("zeros");
            case LabelRead.Corrupt(String why) -> Optional.of(why);
            case LabelRead.Unknown _, LabelRead.TooNew _, LabelRead.TooOld _ -> Optional.of("something else");
        };
    }

    private static List<DiskFile> members(RaidState state, List<DiskFile> disks) {
        return state.members().stream()
                .filter(member -> member.state() == MemberState.IN_SYNC)
                .map(member -> disks.get(member.slot()))
                .toList();
    }

    private static List<String> named(List<String> warnings, RaidState state, List<DiskFile> disks) {
        return warnings.stream().map(warning -> {
            String text = named(warning, disks);
            for (RaidMember member : state.members()) {
                if (member.slot() >= 0) {
                    text = text.replace("disk " + member.id(), "disk " + disks.get(member.slot()));
                }
            }
            return text;
        }).toList();
    }

    /// Slots are numbers that nobody here has seen.
    private static String named(String text, List<DiskFile> disks) {
        return IntStream.iterate(disks.size() - 1, slot -> slot >= 0, slot -> slot - 1)
                .boxed()
                .reduce(text, (named, slot) -> named.replace("disk in slot " + slot, "disk " + disks.get(slot)),
                        (first, _) -> first);
    }

    /// Where block `vbn` of the aggregate stands on every member.
    long dbn(long vbn) {
        return state.dataStart() + vbn;
    }
}
