package hearth.dmodule.raid;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.memory.label.DiskId;
import hearth.memory.label.LabelGeneration;
import hearth.memory.label.LabelLayout;
import hearth.memory.label.MemberState;
import hearth.memory.label.RaidType;

/// `RaidState` as the bytes of the checkpoint's RAID section. Little-endian: version, the fields in their order, then
/// the members. Decoding is total; the checkpoint's own checksum covers the bytes.
public final class RaidStateCodec {
    /// 1: first version.
    private static final int VERSION = 1;

    private static final int HEADER_BYTES = 3 * Integer.BYTES + 3 * Long.BYTES + 2 * Integer.BYTES + 3 * Long.BYTES;
    private static final int MEMBER_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES;

    private RaidStateCodec() {}

    public static byte[] encode(RaidState state) {
        ByteBuffer to = ByteBuffer.allocate(HEADER_BYTES + state.members().size() * MEMBER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        to.putInt(VERSION).putInt(state.raidGroup()).putInt(state.type().code());
        to.putLong(state.aggregateId()).putLong(state.dataStart()).putLong(state.dataBlocks());
        to.putInt(state.formatted() ? 1 : 0).putInt(state.members().size());
        LabelGeneration generation = state.generation();
        to.putLong(generation.number()).putLong(generation.id()).putLong(generation.predecessorId());
        for (RaidMember member : state.members()) {
            to.putLong(member.id().high()).putLong(member.id().low()).putLong(member.sizeBlocks());
            to.putInt(member.slot()).putInt(member.state().ordinal());
        }
        return to.array();
    }

    /// Empty when the bytes are no state of this version.
    public static Optional<RaidState> decode(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (from.getInt() != VERSION) {
                return Optional.empty();
            }
            int group = from.getInt();
            int type = from.getInt();
            long aggregateId = from.getLong();
            long dataStart = from.getLong();
            long dataBlocks = from.getLong();
            int formatted = from.getInt();
            int count = from.getInt();
            var generation = new LabelGeneration(from.getLong(), from.getLong(), from.getLong());
            boolean sensible = type == RaidType.MIRROR.code() && dataStart > 0 && dataBlocks > 0
                    && (formatted & ~1) == 0 && count >= 1 && count <= LabelLayout.MEMBERS_MAX
                    && from.remaining() == count * MEMBER_BYTES;
            if (!sensible) {
                return Optional.empty();
            }
            List<RaidMember> members = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                DiskId id = new DiskId(from.getLong(), from.getLong());
                long sizeBlocks = from.getLong();
                int slot = from.getInt();
                int state = from.getInt();
                if (state < 0 || state >= MemberState.values().length || slot < -1) {
                    return Optional.empty();
                }
                members.add(new RaidMember(id, slot, sizeBlocks, MemberState.values()[state]));
            }
            return Optional.of(new RaidState(aggregateId, group, RaidType.MIRROR, dataStart, dataBlocks,
                    formatted == 1, generation, members));
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }
}
