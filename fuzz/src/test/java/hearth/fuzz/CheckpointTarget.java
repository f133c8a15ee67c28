package hearth.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

import hearth.checkpoint.Checkpoint;
import hearth.checkpoint.CheckpointCodec;
import hearth.checkpoint.CheckpointLayout;
import hearth.checkpoint.Decoded;
import hearth.checkpoint.Section;
import hearth.checkpoint.SectionLayout;
import hearth.checkpoint.SectionState;
import hearth.dmodule.raid.RaidMember;
import hearth.dmodule.raid.RaidState;
import hearth.dmodule.raid.RaidStateCodec;
import hearth.memory.label.DiskId;
import hearth.memory.label.LabelGeneration;
import hearth.memory.label.MemberState;
import hearth.memory.label.RaidType;
import hearth.memory.region.SectionCounters.SectionCounter;

/// Boot checkpoints, as found and with all checksums put right; and in a valid one the RAID section, which says which
/// disks to believe.
final class CheckpointTarget implements Target {
    private static final String DOMAIN = "a";
    private static final long REGION = 42;
    private static final int RAID_COUNT_OFFSET = 40;

    @Override
    public void accept(byte[] input) {
        judge(input);
        byte[] repaired = input.clone();
        repair(repaired);
        judge(repaired).map(checkpoint -> checkpoint.sections().get(Section.RAID)).ifPresent(state ->
                RaidStateCodec.decode(state.bytes()).ifPresent(raid -> Property.holds(
                        RaidStateCodec.decode(RaidStateCodec.encode(raid)).equals(Optional.of(raid)),
                        "a RAID state changes when it is written again")));
    }

    private static Optional<Checkpoint> judge(byte[] bytes) {
        if (!(CheckpointCodec.decode(bytes, DOMAIN, REGION) instanceof Decoded.Valid(Checkpoint found))) {
            return Optional.empty();
        }
        Decoded again = CheckpointCodec.decode(CheckpointCodec.encode(found), DOMAIN, REGION);
        Property.holds(again instanceof Decoded.Valid(Checkpoint same)
                && same.sections().keySet().equals(found.sections().keySet()), "a checkpoint loses a section");
        return Optional.of(found);
    }

    private static void repair(byte[] bytes) {
        if (bytes.length < CheckpointLayout.SIZE) {
            return;
        }
        var to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        to.putInt(CheckpointLayout.LENGTH_OFFSET, bytes.length);
        int at = CheckpointLayout.SIZE;
        while (at <= bytes.length - SectionLayout.SIZE) {
            int length = to.getInt(at + SectionLayout.LENGTH_OFFSET);
            int body = at + SectionLayout.SIZE;
            if (length < 0 || length > bytes.length - body) {
                break;
            }
            to.putInt(at + SectionLayout.CRC_OFFSET, crc(bytes, body, length));
            at = body + length;
        }
        to.putInt(CheckpointLayout.CRC_OFFSET, 0);
        to.putInt(CheckpointLayout.CRC_OFFSET, crc(bytes, 0, bytes.length));
    }

    private static int crc(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /// Makes a list for as many members as the RAID section says.
    @Override
    public void acceptPlanted(byte[] input) {
        byte[] repaired = input.clone();
        repair(repaired);
        judge(repaired).map(checkpoint -> checkpoint.sections().get(Section.RAID)).ifPresent(state -> {
            if (state.bytes().length > RAID_COUNT_OFFSET + Integer.BYTES && ByteBuffer.wrap(state.bytes())
                    .order(ByteOrder.LITTLE_ENDIAN).getInt(RAID_COUNT_OFFSET) < 0) {
                throw new PlantedBug("a negative number of members");
            }
        });
    }

    @Override
    public List<byte[]> seeds() {
        var raid = new RaidState(5, 0, RaidType.MIRROR, 256, 10_000, true, new LabelGeneration(3, 4, 5), List.of(
                new RaidMember(new DiskId(1, 2), 0, 20_000, MemberState.IN_SYNC),
                new RaidMember(new DiskId(3, 4), -1, 0, MemberState.MISSING)));
        Map<Section, SectionState> sections = new EnumMap<>(Section.class);
        sections.put(Section.RAID, state(RaidStateCodec.encode(raid)));
        byte[] one = CheckpointCodec.encode(new Checkpoint(DOMAIN, REGION, sections));
        for (Section section : Section.values()) {
            sections.putIfAbsent(section, state(new byte[section.ordinal()]));
        }
        return List.of(one, CheckpointCodec.encode(new Checkpoint(DOMAIN, REGION, sections)));
    }

    private static SectionState state(byte[] bytes) {
        return new SectionState(1, 2, new SectionCounter(REGION, 3), new SectionCounter(REGION, 4), bytes);
    }
}
