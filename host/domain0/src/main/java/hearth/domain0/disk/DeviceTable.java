package hearth.domain0.disk;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

import hearth.base.Check;
import hearth.memory.label.DiskId;
import hearth.memory.region.ControlPage;
import hearth.memory.region.Device;

/// The disks of one domain by slot, and their entries in the `control` file's device table. A slot keeps its disk's id
/// for the table's whole life, absent or not: ring entries and checkpoints name slots.
public final class DeviceTable implements AutoCloseable {
    /// The checkpoint's section that a change here makes stale: DEVICES.
    private static final int DEVICES_SECTION = 0;

    private final ControlPage control;
    private final AtomicReferenceArray<Optional<Disk>> disks;

    public DeviceTable(ControlPage control) {
        this.control = control;
        disks = new AtomicReferenceArray<>(control.disksMax());
        for (int slot = 0; slot < disks.length(); slot++) {
            disks.set(slot, Optional.empty());
        }
    }

    /// Puts a disk into an empty slot. The table owns it from here on.
    public void attach(int slot, DiskId id, Disk disk) {
        Check.that(disks.get(slot).isEmpty(), "a device slot is taken", slot);
        disks.set(slot, Optional.of(disk));
        change(slot, id, disk.sizeBlocks(), Device.State.PRESENT);
    }

    /// Says of a slot that its disk is known and not there.
    public void absent(int slot, DiskId id, long sizeBlocks) {
        Check.that(disks.get(slot).isEmpty(), "a device slot is taken", slot);
        change(slot, id, sizeBlocks, Device.State.ABSENT);
    }

    private void change(int slot, DiskId id, long sizeBlocks, Device.State state) {
        // Marked first: a checkpoint that was made in between counts as stale.
        control.hostCounters().mark(DEVICES_SECTION);
        control.putDevice(slot, id, sizeBlocks, state);
    }

    /// The disk in a slot; empty for any number that is no slot with a disk.
    public Optional<Disk> disk(int slot) {
        return slot >= 0 && slot < disks.length() ? disks.get(slot) : Optional.empty();
    }

    /// Closes all disks. Nobody uses them any more.
    @Override
    public void close() {
        for (int slot = 0; slot < disks.length(); slot++) {
            disks.getAndSet(slot, Optional.empty()).ifPresent(Disk::close);
        }
    }
}
