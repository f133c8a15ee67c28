package hearth.memory.label;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import hearth.base.Check;
import hearth.memory.word.Crc;

/// Reads labels from whatever bytes a disk gave. Total: every block of bytes has an answer.
public final class LabelCodec {
    private LabelCodec() {}

    /// Judges one block of 4 KiB.
    public static LabelRead decode(byte[] bytes) {
        Check.that(bytes.length == LabelLayout.SIZE, "a label is one block", bytes.length);
        ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (block.getLong(LabelLayout.MAGIC_OFFSET) != LabelLayout.MAGIC_VALUE) {
            return isZero(bytes) ? new LabelRead.Blank() : new LabelRead.Unknown();
        }
        if (block.getInt(LabelLayout.CRC_OFFSET) != Crc.of(bytes, 0, LabelLayout.CRC_OFFSET)) {
            return new LabelRead.Corrupt("checksum");
        }
        int version = block.getInt(LabelLayout.VERSION_OFFSET);
        if (version != LabelLayout.VERSION_VALUE) {
            return version > LabelLayout.VERSION_VALUE
                    ? new LabelRead.TooNew(version)
                    : new LabelRead.TooOld(version);
        }
        return fields(block);
    }

    private static LabelRead fields(ByteBuffer block) {
        int memberCount = block.getInt(LabelLayout.MEMBERS_OFFSET);
        int position = block.getInt(LabelLayout.POSITION_OFFSET);
        if (memberCount < 1 || memberCount > LabelLayout.MEMBERS_MAX || position < 0 || position >= memberCount) {
            return new LabelRead.Corrupt("member " + position + " of " + memberCount);
        }
        if (block.getInt(LabelLayout.RAID_TYPE_OFFSET) != RaidType.MIRROR.code()) {
            return new LabelRead.Corrupt("RAID type " + block.getInt(LabelLayout.RAID_TYPE_OFFSET));
        }
        List<DiskId> members = new ArrayList<>();
        List<MemberState> states = new ArrayList<>();
        for (int i = 0; i < memberCount; i++) {
            int at = LabelLayout.MEMBER_TABLE_OFFSET + i * 2 * Long.BYTES;
            members.add(new DiskId(block.getLong(at), block.getLong(at + Long.BYTES)));
            int state = block.getInt(LabelLayout.MEMBER_STATES_OFFSET + i * Integer.BYTES) - 1;
            if (state < 0 || state >= MemberState.values().length) {
                return new LabelRead.Corrupt("state of member " + i);
            }
            states.add(MemberState.values()[state]);
        }
        DiskId id = new DiskId(
                block.getLong(LabelLayout.DISK_ID_HIGH_OFFSET), block.getLong(LabelLayout.DISK_ID_LOW_OFFSET));
        long sizeBlocks = block.getLong(LabelLayout.SIZE_BLOCKS_OFFSET);
        long dataStart = block.getLong(LabelLayout.DATA_START_OFFSET);
        long dataBlocks = block.getLong(LabelLayout.DATA_BLOCKS_OFFSET);
        if (!members.get(position).equals(id)) {
            return new LabelRead.Corrupt("member table names another disk at position " + position);
        }
        // The size first: with a negative one the subtraction could wrap and any data area would fit.
        if (sizeBlocks < 1 || dataStart < DiskGeometry.DATA_START_DBN || dataBlocks < 1
                || dataBlocks > sizeBlocks - 1 - dataStart) {
            return new LabelRead.Corrupt("data area");
        }
        LabelGeneration generation = new LabelGeneration(
                block.getLong(LabelLayout.GENERATION_OFFSET),
                block.getLong(LabelLayout.GENERATION_ID_OFFSET),
                block.getLong(LabelLayout.PREDECESSOR_ID_OFFSET));
        return new LabelRead.Valid(new DiskLabel(
                id,
                block.getLong(LabelLayout.AGGREGATE_ID_OFFSET),
                block.getInt(LabelLayout.RAID_GROUP_OFFSET),
                position,
                RaidType.MIRROR,
                sizeBlocks,
                dataStart,
                dataBlocks,
                block.getInt(LabelLayout.FORMATTED_OFFSET) != 0,
                members,
                states,
                generation,
                block.getLong(LabelLayout.INCARNATION_OFFSET)));
    }

    /// Judges both copies together. Two valid ones differ when a death came between them: the newer one, which is the
    /// front one, was being written and its content is what the writer wanted.
    public static LabelRead choose(byte[] front, byte[] back) {
        LabelRead first = decode(front);
        LabelRead second = decode(back);
        if (first instanceof LabelRead.Valid(DiskLabel a) && second instanceof LabelRead.Valid(DiskLabel b)) {
            if (!a.diskId().equals(b.diskId()) || a.aggregateId() != b.aggregateId()) {
                return new LabelRead.Corrupt("front and back label are of different disks");
            }
            return a.generation().number() >= b.generation().number() ? first : second;
        }
        // A label too new or too old to read is never overruled by the other copy.
        if (first instanceof LabelRead.Valid) {
            return second instanceof LabelRead.TooNew ? second : first;
        }
        if (second instanceof LabelRead.Valid) {
            return first instanceof LabelRead.TooNew ? first : second;
        }
        return rank(first) >= rank(second) ? first : second;
    }

    // Of two places without a readable label, the one that says more about whose disk it is.
    private static int rank(LabelRead read) {
        return switch (read) {
            case LabelRead.Valid _ -> 5;
            case LabelRead.TooNew _ -> 4;
            case LabelRead.TooOld _ -> 3;
            case LabelRead.Corrupt _ -> 2;
            case LabelRead.Unknown _ -> 1;
            case LabelRead.Blank _ -> 0;
        };
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
