package hearth.dmodule.raid;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

import hearth.base.Check;
import hearth.memory.label.DiskId;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelGeneration;
import hearth.memory.label.MemberState;
import hearth.memory.label.RaidType;

/// A group as it is assembled: everything that labels say and a restart needs, so that a checkpoint that holds it
/// spares reading them. Immutable.
///
/// @param dataStart first disk block of the data area: vbn 0
/// @param dataBlocks blocks of the data area
/// @param formatted whether a file system is on it
/// @param members by position
public record RaidState(
        long aggregateId,
        int raidGroup,
        RaidType type,
        long dataStart,
        long dataBlocks,
        boolean formatted,
        LabelGeneration generation,
        List<RaidMember> members) {

    public RaidState {
        members = List.copyOf(members);
        Check.that(!members.isEmpty(), "a group has members");
    }

    /// Members that hold everything, by position.
    public List<RaidMember> inSync() {
        return members.stream().filter(RaidMember::isInSync).toList();
    }

    public boolean isDegraded() {
        return inSync().size() < members.size();
    }

    /// The same group with some members left behind, one generation on.
    RaidState without(Set<DiskId> leftBehind, RandomGenerator random) {
        List<RaidMember> next = new ArrayList<>();
        for (RaidMember member : members) {
            next.add(leftBehind.contains(member.id())
                    ? new RaidMember(member.id(), member.slot(), member.sizeBlocks(), MemberState.MISSING)
                    : member);
        }
        return new RaidState(
                aggregateId, raidGroup, type, dataStart, dataBlocks, formatted, generation.next(random), next);
    }

    RaidState withFormatted() {
        return new RaidState(aggregateId, raidGroup, type, dataStart, dataBlocks, true, generation, members);
    }

    /// The label that the member at `position` should carry.
    DiskLabel label(int position, long incarnation) {
        RaidMember member = members.get(position);
        return new DiskLabel(member.id(), aggregateId, raidGroup, position, type, member.sizeBlocks(), dataStart,
                dataBlocks, formatted, members.stream().map(RaidMember::id).toList(),
                members.stream().map(RaidMember::state).toList(), generation, incarnation);
    }
}
