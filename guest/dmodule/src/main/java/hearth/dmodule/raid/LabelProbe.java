package hearth.dmodule.raid;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.dmodule.disk.Disk;
import hearth.dmodule.disk.DiskException;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.dmodule.disk.Staging;
import hearth.memory.label.DiskGeometry;
import hearth.memory.label.LabelCodec;
import hearth.memory.label.LabelRead;

/// Reads the labels of all attached disks: what a conventional boot does first.
public final class LabelProbe {
    private LabelProbe() {}

    /// Both copies of each disk's label. A disk that fails to give one copy is judged by the other.
    public static List<ProbedDisk> probe(DiskFrontEnd front, List<Disk> disks) {
        List<ProbedDisk> probed = new ArrayList<>();
        for (Disk disk : disks) {
            probed.add(new ProbedDisk(disk, probe(front, disk)));
        }
        return probed;
    }

    private static Optional<LabelRead> probe(DiskFrontEnd front, Disk disk) {
        if (disk.sizeBlocks() < DiskGeometry.BLOCKS_MIN) {
            return Optional.of(new LabelRead.Unknown());
        }
        Optional<byte[]> first = read(front, disk, DiskGeometry.FRONT_LABEL_DBN);
        Optional<byte[]> last = read(front, disk, DiskGeometry.backLabelDbn(disk.sizeBlocks()));
        if (first.isPresent() && last.isPresent()) {
            return Optional.of(LabelCodec.choose(first.get(), last.get()));
        }
        return first.or(() -> last).map(LabelCodec::decode);
    }

    private static Optional<byte[]> read(DiskFrontEnd front, Disk disk, long dbn) {
        try (Staging staging = front.staging(1)) {
            front.read(disk, dbn, staging.memory());
            return Optional.of(staging.memory().bytes().toArray(ValueLayout.JAVA_BYTE));
        } catch (DiskException e) {
            return Optional.empty();
        }
    }
}
