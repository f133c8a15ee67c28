package hearth.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import hearth.dmodule.disk.Disk;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;
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
/// @param problems labels that are damaged in one of their places
record Group(RaidState state, List<DiskFile> members, List<String> notes, List<String> problems) {
    Group {
        members = List.copyOf(members);
        notes = List.copyOf(notes);
        problems = List.copyOf(problems);
    }

    static Group assemble(List<DiskFile> disks) throws UnusableDisksException, IOException {
        var problems = new ArrayList<String>();
        var probed = new ArrayList<ProbedDisk>();
        for (int slot = 0; slot < disks.size(); slot++) {
            DiskFile disk = disks.get(slot);
            if (disk.sizeBlocks() < DiskGeometry.BLOCKS_MIN) {
                throw new UnusableDisksException(disk + ": too small to be a disk of an aggregate");
            }
            probed.add(new ProbedDisk(new Disk(slot, DiskId.NONE, disk.sizeBlocks()),
                    Optional.of(label(disk, problems))));
        }
        return switch (RaidAssembly.assemble(probed, Expectation.NONE)) {
            case Assembly.Assembled(RaidState state, boolean _, List<String> warnings) -> new Group(
                    state, members(state, disks), named(warnings, state, disks), problems);
            case Assembly.Incomplete(String why) -> throw new UnusableDisksException(named(why, disks));
            case Assembly.Foreign(String why) -> throw new UnusableDisksException(
                    named(why, disks) + "; name all disks of one aggregate and no other");
        };
    }

    private static LabelRead label(DiskFile disk, List<String> problems) throws IOException {
        byte[] front = disk.block(DiskGeometry.FRONT_LABEL_DBN);
        byte[] back = disk.block(DiskGeometry.backLabelDbn(disk.sizeBlocks()));
        LabelRead chosen = LabelCodec.choose(front, back);
        if (chosen instanceof LabelRead.Valid) {
            damage(front).ifPresent(why -> problems.add("disk " + disk + ": front label: " + why));
            damage(back).ifPresent(why -> problems.add("disk " + disk + ": back label: " + why));
        }
        return chosen;
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

    /// The newest valid root on any member in sync; empty when there is none. Notes say where it does not stand: a
    /// start of the controller writes it there again.
    Optional<FsInfo> newestRoot(List<String> rootNotes) throws IOException {
        Optional<FsInfo> newest = Optional.empty();
        for (DiskFile member : members) {
            Optional<FsInfo> root = rootOn(member);
            if (root.isPresent() && (newest.isEmpty() || root.get().generation() > newest.get().generation())) {
                newest = root;
            }
        }
        for (DiskFile member : members) {
            long generation = rootOn(member).map(FsInfo::generation).orElse(0L);
            if (newest.isPresent() && generation < newest.get().generation()) {
                rootNotes.add("disk " + member + ": its root is of generation " + generation + ", the newest is "
                        + newest.get().generation() + "; the next start writes it there");
            }
        }
        return newest;
    }

    private static Optional<FsInfo> rootOn(DiskFile member) throws IOException {
        Optional<FsInfo> newest = Optional.empty();
        for (long dbn : new long[] {FsInfoLayout.DBN_EVEN, FsInfoLayout.DBN_ODD}) {
            if (FsInfo.decode(member.block(dbn)) instanceof FsInfo.Decoded.Valid(FsInfo info)
                    && FsInfoLayout.dbnOf(info.generation()) == dbn
                    && (newest.isEmpty() || info.generation() > newest.get().generation())) {
                newest = Optional.of(info);
            }
        }
        return newest;
    }

    /// Where block `vbn` of the aggregate stands on every member.
    long dbn(long vbn) {
        return state.dataStart() + vbn;
    }
}
