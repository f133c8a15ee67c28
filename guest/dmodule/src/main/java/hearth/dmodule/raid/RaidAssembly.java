package hearth.dmodule.raid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import hearth.memory.label.DiskId;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelGeneration;
import hearth.memory.label.LabelRead;
import hearth.memory.label.MemberState;

/// Decides from labels which disks are a group and which of them may be trusted. A pure function.
///
/// The newest generation's labels say who is in sync. A disk with an older label was left behind, unless the newest
/// labels call it in sync and descend from its generation directly: then the last change of labels did not reach it,
/// and nothing was acknowledged without it in between. Two disks whose labels do not descend from each other lived
/// apart and both may hold acknowledged writes: refused.
public final class RaidAssembly {
    private final Map<DiskId, Labelled> byId = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private RaidAssembly() {}

    private record Labelled(int slot, long deviceBlocks, DiskLabel label) {}

    /// Judges all disks that were attached for the group.
    public static Assembly assemble(List<ProbedDisk> disks, Expectation expected) {
        RaidAssembly assembly = new RaidAssembly();
        Optional<Assembly> refused = assembly.collect(disks, expected);
        return refused.orElseGet(() -> assembly.judge(expected));
    }

    /// Sorts the labels; an answer when a disk must not be touched.
    private Optional<Assembly> collect(List<ProbedDisk> disks, Expectation expected) {
        for (ProbedDisk probed : disks) {
            int slot = probed.disk().slot();
            if (probed.label().isEmpty()) {
                warnings.add("disk in slot " + slot + " cannot be read");
                continue;
            }
            switch (probed.label().get()) {
                case LabelRead.Valid(DiskLabel label) -> {
                    if (expected.aggregateId().isPresent()
                            && expected.aggregateId().getAsLong() != label.aggregateId()) {
                        return foreign("disk " + label.diskId() + " belongs to aggregate "
                                + Long.toHexString(label.aggregateId()));
                    }
                    Labelled labelled = new Labelled(slot, probed.disk().sizeBlocks(), label);
                    if (byId.put(label.diskId(), labelled) != null) {
                        return foreign("disk " + label.diskId() + " is attached twice");
                    }
                }
                case LabelRead.Corrupt(String why) ->
                    warnings.add("disk in slot " + slot + " has a damaged label: " + why);
                case LabelRead.Blank _ -> {
                    return foreign("disk in slot " + slot + " has no label");
                }
                case LabelRead.Unknown _ -> {
                    return foreign("disk in slot " + slot + " holds something else");
                }
                case LabelRead.TooNew(int version) -> {
                    return foreign("disk in slot " + slot + " has a label of version " + version + ", too new");
                }
                case LabelRead.TooOld(int version) -> {
                    return foreign("disk in slot " + slot + " has a label of version " + version + ", too old");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Assembly> foreign(String why) {
        return Optional.of(new Assembly.Foreign(why));
    }

    private Assembly judge(Expectation expected) {
        if (byId.isEmpty()) {
            return new Assembly.Incomplete("no disk with a readable label" + reasons());
        }
        DiskLabel newest = newest();
        for (Labelled other : byId.values()) {
            Optional<String> stranger = stranger(newest, other.label());
            if (stranger.isPresent()) {
                return new Assembly.Foreign(stranger.get());
            }
        }
        if (newest.generation().number() < expected.generationMin()) {
            return new Assembly.Incomplete("the newest label here has generation " + newest.generation().number()
                    + ", the group has been at " + expected.generationMin() + reasons());
        }
        return members(newest);
    }

    private DiskLabel newest() {
        DiskLabel newest = byId.values().iterator().next().label();
        for (Labelled labelled : byId.values()) {
            if (labelled.label().generation().number() > newest.generation().number()) {
                newest = labelled.label();
            }
        }
        return newest;
    }

    /// Why `other` cannot be of the same group and history as the newest label; empty when it can.
    private static Optional<String> stranger(DiskLabel newest, DiskLabel other) {
        String name = "disk " + other.diskId();
        if (other.aggregateId() != newest.aggregateId()) {
            return Optional.of(name + " belongs to aggregate " + Long.toHexString(other.aggregateId())
                    + ", another one to " + Long.toHexString(newest.aggregateId()));
        }
        if (!other.members().equals(newest.members())
                || other.dataStart() != newest.dataStart()
                || other.dataBlocks() != newest.dataBlocks()) {
            return Optional.of(name + " and disk " + newest.diskId() + " do not agree on their group");
        }
        LabelGeneration young = newest.generation();
        LabelGeneration old = other.generation();
        boolean sameNumber = old.number() == young.number();
        boolean apart = sameNumber && old.id() != young.id()
                || old.number() == young.number() - 1 && old.id() != young.predecessorId()
                // Each went on without the other, however often.
                || old.id() != young.id() && other.states().get(newest.position()) == MemberState.MISSING;
        if (apart) {
            return Optional.of(name + " and disk " + newest.diskId()
                    + " lived apart: both were written without the other (generations " + old.number() + " and "
                    + young.number() + ")");
        }
        boolean tooOld = old.number() < young.number() - 1
                && newest.states().get(other.position()) == MemberState.IN_SYNC;
        return tooOld
                ? Optional.of(name + " is called in sync by disk " + newest.diskId()
                        + " but carries a much older label: it was replaced by an old copy")
                : Optional.empty();
    }

    private Assembly members(DiskLabel newest) {
        List<RaidMember> members = new ArrayList<>();
        boolean moveOn = false;
        for (int i = 0; i < newest.members().size(); i++) {
            DiskId id = newest.members().get(i);
            boolean called = newest.states().get(i) == MemberState.IN_SYNC;
            Labelled labelled = byId.get(id);
            MemberState state = MemberState.MISSING;
            if (labelled == null) {
                warnings.add("disk " + id + " is missing");
                members.add(new RaidMember(id, -1, 0, state));
            } else {
                long needed = labelled.label().sizeBlocks();
                if (!called) {
                    warnings.add("disk " + id + " was left behind and holds old data");
                } else if (labelled.deviceBlocks() < needed) {
                    warnings.add("disk " + id + " has become smaller");
                } else {
                    state = MemberState.IN_SYNC;
                    moveOn |= labelled.label().generation().number() != newest.generation().number();
                }
                members.add(new RaidMember(id, labelled.slot(), needed, state));
            }
            moveOn |= called && state == MemberState.MISSING;
        }
        if (members.stream().noneMatch(RaidMember::isInSync)) {
            return new Assembly.Incomplete("no disk that was in sync is here" + reasons());
        }
        boolean formatted = byId.values().stream()
                .anyMatch(labelled -> labelled.label().formatted()
                        && labelled.label().generation().id() == newest.generation().id());
        RaidState state = new RaidState(newest.aggregateId(), newest.raidGroup(), newest.raidType(),
                newest.dataStart(), newest.dataBlocks(), formatted || newest.formatted(), newest.generation(), members);
        return new Assembly.Assembled(state, moveOn, warnings);
    }

    private String reasons() {
        return warnings.isEmpty() ? "" : "; " + String.join("; ", warnings);
    }
}
