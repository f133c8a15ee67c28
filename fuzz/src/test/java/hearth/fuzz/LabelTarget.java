package hearth.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

import hearth.memory.label.DiskGeometry;
import hearth.memory.label.DiskId;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelCodec;
import hearth.memory.label.LabelGeneration;
import hearth.memory.label.LabelLayout;
import hearth.memory.label.LabelRead;
import hearth.memory.label.MemberState;
import hearth.memory.label.RaidType;

/// Two copies of a disk's label, as a disk gave them and with their checksums put right: a label that another program
/// wrote, or that a bug of this one did. What is valid describes a disk that can be.
final class LabelTarget implements Target {
    private static final int COPY_BYTES = 576;

    @Override
    public void accept(byte[] input) {
        byte[] front = Input.padded(input, 0, Math.min(input.length, COPY_BYTES), LabelLayout.SIZE);
        byte[] back = input.length <= COPY_BYTES
                ? front.clone()
                : Input.padded(input, COPY_BYTES, input.length, LabelLayout.SIZE);
        judge(front);
        LabelCodec.choose(front, back);
        repair(front);
        repair(back);
        judge(front);
        LabelCodec.choose(front, back);
    }

    private static void judge(byte[] block) {
        if (LabelCodec.decode(block) instanceof LabelRead.Valid(DiskLabel label)) {
            Property.holds(label.dataBlocks() > 0 && label.dataStart() >= DiskGeometry.DATA_START_DBN
                    && label.sizeBlocks() - label.dataStart() > label.dataBlocks()
                    && label.sizeBlocks() > label.dataStart(), "a valid label's data area is not on its disk");
            Property.holds(LabelCodec.decode(label.encode()).equals(new LabelRead.Valid(label)),
                    "a label changes when it is written again");
        }
    }

    private static void repair(byte[] block) {
        var crc = new CRC32C();
        crc.update(block, 0, LabelLayout.CRC_OFFSET);
        ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).putInt(LabelLayout.CRC_OFFSET, (int) crc.getValue());
    }

    /// Believes that a group has two members.
    @Override
    public void acceptPlanted(byte[] input) {
        byte[] front = Input.padded(input, 0, Math.min(input.length, COPY_BYTES), LabelLayout.SIZE);
        repair(front);
        if (LabelCodec.decode(front) instanceof LabelRead.Valid(DiskLabel label)
                && label.members().size() < 2) {
            throw new PlantedBug("no second member");
        }
    }

    @Override
    public List<byte[]> seeds() {
        var disks = List.of(new DiskId(1, 2), new DiskId(3, 4));
        var first = LabelGeneration.first(new Random(1));
        List<DiskLabel> labels =
                DiskLabel.create(5, RaidType.MIRROR, disks, List.of(100_000L, 120_000L), first);
        var degraded = labels.get(1).withStates(
                List.of(MemberState.MISSING, MemberState.IN_SYNC), first.next(new Random(2)), 7);
        return List.of(both(labels.get(0), labels.get(0)), both(labels.get(1), degraded));
    }

    private static byte[] both(DiskLabel front, DiskLabel back) {
        byte[] bytes = new byte[2 * COPY_BYTES];
        System.arraycopy(front.encode(), 0, bytes, 0, COPY_BYTES);
        System.arraycopy(back.encode(), 0, bytes, COPY_BYTES, COPY_BYTES);
        return bytes;
    }

    @Override
    public int bytesMax() {
        return 2 * COPY_BYTES;
    }
}
