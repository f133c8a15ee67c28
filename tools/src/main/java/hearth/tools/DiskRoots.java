package hearth.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import hearth.base.Units;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;

/// The roots of the file system on all members in sync.
///
/// @param newest the one that a start would mount
/// @param notes where an older root, or a half-written one, stands in the place of the next: a start or the next
///     consistency point writes there
/// @param problems places that should hold the newest root, and those that are damaged on all disks
record DiskRoots(Optional<FsInfo> newest, List<String> notes, List<String> problems) {
    private static final byte[] ZEROS = new byte[Units.BLOCK_SIZE];

    DiskRoots {
        notes = List.copyOf(notes);
        problems = List.copyOf(problems);
    }

    /// A place for a root.
    private record Place(DiskFile member, long dbn, Optional<FsInfo> root, String damage) {
        String name() {
            return "disk " + member + " block " + dbn + ": root of the file system: ";
        }
    }

    /// @throws UnusableDisksException a root is of another aggregate, or of a format that this program does not know
    static DiskRoots of(Group group) throws UnusableDisksException {
        var places = new ArrayList<Place>();
        for (DiskFile member : group.members()) {
            for (long dbn : new long[] {FsInfoLayout.DBN_EVEN, FsInfoLayout.DBN_ODD}) {
                places.add(look(group, member, dbn));
            }
        }
        Optional<FsInfo> newest = Optional.empty();
        for (Place place : places) {
            if (generation(place.root()) > generation(newest)) {
                newest = place.root();
            }
        }
        long generation = generation(newest);
        var notes = new ArrayList<String>();
        var problems = new ArrayList<String>();
        for (Place place : places) {
            boolean newestBelongsHere = newest.isPresent() && FsInfoLayout.dbnOf(generation) == place.dbn();
            if (!place.damage().isEmpty()) {
                List<String> to = newestBelongsHere || isNowhereWhole(places, place.dbn()) ? problems : notes;
                to.add(place.name() + place.damage()
                        + (newestBelongsHere ? "; another disk has generation " + generation
                                : ": damaged, or cut short by a loss of power; generation " + generation + " counts"));
            } else if (newestBelongsHere && generation(place.root()) < generation) {
                notes.add(place.name() + "generation " + generation(place.root()) + ", the newest is " + generation
                        + "; the next start writes it there");
            }
        }
        return new DiskRoots(newest, notes, problems);
    }

    /// Somebody wrote there, and no disk has it: what a start would do depends on what the journal knows.
    private static boolean isNowhereWhole(List<Place> places, long dbn) {
        return places.stream().filter(place -> place.dbn() == dbn).allMatch(place -> !place.damage().isEmpty());
    }

    private static Place look(Group group, DiskFile member, long dbn) throws UnusableDisksException {
        byte[] block;
        try {
            block = member.block(dbn);
        } catch (IOException e) {
            return new Place(member, dbn, Optional.empty(), "cannot be read: " + e.getMessage());
        }
        switch (FsInfo.decode(block)) {
            case FsInfo.Decoded.Valid(FsInfo info) -> {
                if (info.aggregateId() != group.state().aggregateId()) {
                    throw new UnusableDisksException("disk " + member + " has a root of another aggregate than its"
                            + " label: " + Long.toHexString(info.aggregateId()));
                }
                boolean right = FsInfoLayout.dbnOf(info.generation()) == dbn;
                return right ? new Place(member, dbn, Optional.of(info), "")
                        : new Place(member, dbn, Optional.empty(), "generation " + info.generation() + " stands in the"
                                + " place of another");
            }
            case FsInfo.Decoded.Corrupt(String why) -> {
                return new Place(member, dbn, Optional.empty(), Arrays.equals(block, ZEROS) ? "" : why);
            }
            case FsInfo.Decoded.TooNew(int version) ->
                throw new UnusableDisksException("disk " + member + " has a root of version " + version + ", too new");
            case FsInfo.Decoded.TooOld(int version) ->
                throw new UnusableDisksException("disk " + member + " has a root of version " + version + ", too old");
        }
    }

    private static long generation(Optional<FsInfo> root) {
        return root.map(FsInfo::generation).orElse(0L);
    }

    /// Number of the newest, 0 without one.
    long generation() {
        return generation(newest);
    }
}
