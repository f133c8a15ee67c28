package hearth.memory.label;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import hearth.base.Check;
import hearth.memory.word.Crc;

/// What a disk says of itself and of its group.
///
/// @param position index of this disk in `members`
/// @param sizeBlocks whole disk in blocks of 4 KiB
/// @param dataBlocks blocks of the data area that the group uses: those of its smallest member
/// @param formatted false: nothing is on it yet, the guest makes a file system
/// @param members the group's disks, 1 to 16, by position
/// @param states what the writer knew of each, by position
/// @param incarnation who wrote the label; 0: domain 0, when it made the disk
public record DiskLabel(
        DiskId diskId,
        long aggregateId,
        int raidGroup,
        int position,
        RaidType raidType,
        long sizeBlocks,
        long dataStart,
        long dataBlocks,
        boolean formatted,
        List<DiskId> members,
        List<MemberState> states,
        LabelGeneration generation,
        long incarnation) {

    public DiskLabel {
        members = List.copyOf(members);
        states = List.copyOf(states);
        Check.that(!members.isEmpty() && members.size() <= LabelLayout.MEMBERS_MAX, "members", members.size());
        Check.that(states.size() == members.size(), "a state for each member", states.size(), members.size());
        Check.that(position >= 0 && position < members.size(), "position in the group", position);
        Check.that(members.get(position).equals(diskId), "the member table names another disk here", position);
    }

    /// The labels of a new group, one a disk, by position; all in sync, not formatted. `sizesBlocks` by position.
    public static List<DiskLabel> create(
            long aggregateId, RaidType type, List<DiskId> disks, List<Long> sizesBlocks, LabelGeneration generation) {
        Check.that(disks.size() == sizesBlocks.size(), "a size for each disk", sizesBlocks.size());
        long smallest = sizesBlocks.stream().mapToLong(Long::longValue).min().orElse(0);
        Check.that(smallest >= DiskGeometry.BLOCKS_MIN, "disk is too small", smallest);
        List<MemberState> states = disks.stream().map(disk -> MemberState.IN_SYNC).toList();
        List<DiskLabel> labels = new ArrayList<>();
        for (int i = 0; i < disks.size(); i++) {
            labels.add(new DiskLabel(disks.get(i), aggregateId, 0, i, type, sizesBlocks.get(i),
                    DiskGeometry.DATA_START_DBN, DiskGeometry.dataBlocks(smallest), false, disks, states, generation,
                    0));
        }
        return labels;
    }

    /// The same label after the membership changed.
    public DiskLabel withStates(List<MemberState> newStates, LabelGeneration newGeneration, long writer) {
        return new DiskLabel(diskId, aggregateId, raidGroup, position, raidType, sizeBlocks, dataStart, dataBlocks,
                formatted, members, newStates, newGeneration, writer);
    }

    /// The same label once the group holds a file system.
    public DiskLabel withFormatted(long writer) {
        return new DiskLabel(diskId, aggregateId, raidGroup, position, raidType, sizeBlocks, dataStart, dataBlocks,
                true, members, states, generation, writer);
    }

    /// One block of 4 KiB.
    public byte[] encode() {
        ByteBuffer block = ByteBuffer.allocate(LabelLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        block.putLong(LabelLayout.MAGIC_OFFSET, LabelLayout.MAGIC_VALUE);
        block.putInt(LabelLayout.VERSION_OFFSET, LabelLayout.VERSION_VALUE);
        block.putInt(LabelLayout.RAID_TYPE_OFFSET, raidType.code());
        block.putLong(LabelLayout.DISK_ID_HIGH_OFFSET, diskId.high());
        block.putLong(LabelLayout.DISK_ID_LOW_OFFSET, diskId.low());
        block.putLong(LabelLayout.AGGREGATE_ID_OFFSET, aggregateId);
        block.putInt(LabelLayout.RAID_GROUP_OFFSET, raidGroup);
        block.putInt(LabelLayout.POSITION_OFFSET, position);
        block.putInt(LabelLayout.MEMBERS_OFFSET, members.size());
        block.putInt(LabelLayout.FORMATTED_OFFSET, formatted ? 1 : 0);
        block.putLong(LabelLayout.SIZE_BLOCKS_OFFSET, sizeBlocks);
        block.putLong(LabelLayout.DATA_START_OFFSET, dataStart);
        block.putLong(LabelLayout.DATA_BLOCKS_OFFSET, dataBlocks);
        block.putLong(LabelLayout.GENERATION_OFFSET, generation.number());
        block.putLong(LabelLayout.GENERATION_ID_OFFSET, generation.id());
        block.putLong(LabelLayout.PREDECESSOR_ID_OFFSET, generation.predecessorId());
        block.putLong(LabelLayout.INCARNATION_OFFSET, incarnation);
        for (int i = 0; i < members.size(); i++) {
            int at = LabelLayout.MEMBER_TABLE_OFFSET + i * 2 * Long.BYTES;
            block.putLong(at, members.get(i).high());
            block.putLong(at + Long.BYTES, members.get(i).low());
            block.putInt(LabelLayout.MEMBER_STATES_OFFSET + i * Integer.BYTES, states.get(i).ordinal() + 1);
        }
        block.putInt(LabelLayout.CRC_OFFSET, Crc.of(block.array(), 0, LabelLayout.CRC_OFFSET));
        return block.array();
    }
}
