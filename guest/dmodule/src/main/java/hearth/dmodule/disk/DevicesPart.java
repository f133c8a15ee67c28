package hearth.dmodule.disk;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import hearth.base.Check;
import hearth.checkpoint.CheckpointPart;
import hearth.checkpoint.RestoreException;
import hearth.checkpoint.Section;
import hearth.memory.label.DiskId;

/// Which disk is in which slot, as the last conventional boot found it. The thread that boots; afterwards nothing
/// changes it.
public final class DevicesPart implements CheckpointPart {
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 2 * Integer.BYTES;
    private static final int DISK_BYTES = Integer.BYTES + 3 * Long.BYTES;

    private List<Disk> disks = List.of();

    /// What was discovered.
    public void discovered(List<Disk> found) {
        disks = List.copyOf(found);
    }

    /// What was discovered, or restored.
    public List<Disk> disks() {
        return disks;
    }

    @Override
    public Section section() {
        return Section.DEVICES;
    }

    @Override
    public long fingerprint() {
        long print = VERSION;
        for (Disk disk : disks) {
            print = 31 * print + disk.id().hashCode();
            print = 31 * print + disk.sizeBlocks();
        }
        return print;
    }

    @Override
    public byte[] save() {
        Check.that(!disks.isEmpty(), "devices are saved before they are discovered");
        ByteBuffer to = ByteBuffer.allocate(HEADER_BYTES + disks.size() * DISK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        to.putInt(VERSION).putInt(disks.size());
        for (Disk disk : disks) {
            to.putInt(disk.slot()).putLong(disk.id().high()).putLong(disk.id().low()).putLong(disk.sizeBlocks());
        }
        return to.array();
    }

    @Override
    public void restore(byte[] state) throws RestoreException {
        ByteBuffer from = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int version = from.getInt();
            int count = from.getInt();
            if (version != VERSION || count <= 0 || from.remaining() != (long) count * DISK_BYTES) {
                throw new RestoreException(section(), "version " + version + ", " + count + " disks");
            }
            List<Disk> restored = new ArrayList<>();
            Set<Integer> slots = new HashSet<>();
            for (int i = 0; i < count; i++) {
                int slot = from.getInt();
                Disk disk = new Disk(slot, new DiskId(from.getLong(), from.getLong()), from.getLong());
                if (slot < 0 || disk.sizeBlocks() <= 0 || !slots.add(slot)) {
                    throw new RestoreException(section(), "slot " + slot);
                }
                restored.add(disk);
            }
            disks = List.copyOf(restored);
        } catch (BufferUnderflowException e) {
            throw new RestoreException(section(), "ends early");
        }
    }
}
