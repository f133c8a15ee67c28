package hearth.dmodule.filesystem.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.TreeLayout;
import hearth.dmodule.filesystem.format.VolumeConfig;
import hearth.dmodule.filesystem.format.VolumeLayout;
import hearth.dmodule.filesystem.format.VolumeRecord;
import hearth.dmodule.filesystem.tree.BlockSource;

/// What the heap knows of an aggregate: its volumes, their inodes, what is dirty. `StateView` is what operations see of
/// it; freeze and publish are for the consistency point.
public final class HeapState {
    private final long aggregateId;
    private final FsLock lock;
    private final SpaceAccounting space;
    private final HeapPressure pressure;
    private final TreeMap<Integer, VolumeState> volumes = new TreeMap<>();
    private final FsState view;
    private final FsState applying;
    private int volumeSlots;
    private int nextVolumeId = 1;
    private long lastChange;
    private boolean frozen;

    public HeapState(
            long aggregateId,
            FsLock lock,
            MetaBlocks blocks,
            HeapPressure.Limits limits) {
        this.aggregateId = aggregateId;
        this.lock = lock;
        space = new SpaceAccounting();
        pressure = new HeapPressure(limits);
        BlockSource<MissingBlock> atOnce = pointer -> loadAtOnce(blocks, pointer);
        applying = new StateView(this, atOnce, atOnce);
        view = new StateView(this, blocks, atOnce);
    }

    private static byte[] loadAtOnce(MetaBlocks blocks, BlockPointer pointer) {
        try {
            return blocks.load(pointer);
        } catch (IOException e) {
            // The effect is in the log and cannot be taken back; the successor's replay meets the disks anew.
            throw new UncheckedIOException("a block needed to apply a logged effect cannot be read", e);
        }
    }

    /// For looking and planning.
    public FsState view() {
        return view;
    }

    FsState applying() {
        return applying;
    }

    long aggregateId() {
        return aggregateId;
    }

    public SpaceAccounting space() {
        return space;
    }

    public HeapPressure pressure() {
        return pressure;
    }

    void checkExclusive() {
        Check.that(lock.heldExclusive(), "a change without the exclusive lock");
    }

    Optional<VolumeState> volume(int id) {
        VolumeState volume = volumes.get(id);
        return volume == null || volume.isDeleting() ? Optional.empty() : Optional.of(volume);
    }

    Collection<VolumeState> volumes() {
        List<VolumeState> online = new ArrayList<>(volumes.size());
        for (VolumeState volume : volumes.values()) {
            if (!volume.isDeleting()) {
                online.add(volume);
            }
        }
        return online;
    }

    /// All volumes by ascending id, also those that are being deleted.
    public Collection<VolumeState> allVolumes() {
        return Collections.unmodifiableCollection(volumes.values());
    }

    /// Whether consistency points have blocks of deleted volumes to free.
    public boolean isDeleting() {
        for (VolumeState volume : volumes.values()) {
            if (volume.isDeleting() && volume.stuckBecause().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /// What a mounted root says of the volume table.
    public void mountTable(int slots, int nextId, long change) {
        volumeSlots = slots;
        nextVolumeId = nextId;
        lastChange = change;
    }

    /// Random number of the administrator's last change, 0 for none.
    public long lastChange() {
        return lastChange;
    }

    /// The next consistency point includes the administrator's change of that number.
    public void changed(long change) {
        checkExclusive();
        lastChange = change;
    }

    /// Another name, export or limit.
    public void configure(VolumeState volume, VolumeConfig config) {
        checkExclusive();
        volume.config(config);
    }

    /// From here on nobody reaches the volume; consistency points free its blocks step by step.
    public void beginDeleting(VolumeState volume) {
        checkExclusive();
        Check.that(!volume.isDeleting(), "volume deleted twice", volume.id());
        volume.beginDeleting();
    }

    /// A volume found by a mount.
    public void mount(VolumeRecord record, int slot) {
        var inodeFile = new Inode(record.id(), 0);
        inodeFile.tree = InodeCodec.tree(record.inodeFile(), 0);
        var inodeMap = new Inode(record.id(), 0);
        inodeMap.tree = InodeCodec.tree(record.inodeMap(), 0);
        inodeMap.sizeBytes = InodeCodec.sizeBytes(record.inodeMap(), 0);
        var volume = new VolumeState(record.id(), slot, record.config(), inodeFile, inodeMap);
        volume.usedBlocks = record.usedBlocks();
        if (record.deleting()) {
            volume.beginDeleting();
        }
        VolumeState before = volumes.put(record.id(), volume);
        Check.that(before == null, "two volumes with one id", record.id());
    }

    /// A new, empty volume, whose root directory the caller creates.
    public VolumeState addVolume(VolumeConfig config) {
        checkExclusive();
        int id = nextVolumeId++;
        int slot = freeSlot();
        volumeSlots = Math.max(volumeSlots, slot + 1);
        Check.that(!volumes.containsKey(id), "volume id in use", id);
        var volume = new VolumeState(id, slot, config, new Inode(id, 0), new Inode(id, 0));
        volumes.put(id, volume);
        return volume;
    }

    private int freeSlot() {
        var taken = new BitSet();
        volumes.values().forEach(volume -> taken.set(volume.slot()));
        int slot = taken.nextClearBit(0);
        Check.that(slot < VolumeLayout.SLOTS_MAX, "volumes of an aggregate", slot);
        return slot;
    }

    /// Promises blocks to a volume.
    void charge(VolumeState volume, long blocks) {
        volume.charge(blocks);
        space.charge(blocks);
    }

    /// What changed since the last freeze of this inode, made ready for a change.
    DirtyFile touch(Inode inode) {
        if (inode.current == DirtyFile.CLEAN) {
            inode.current = new DirtyFile();
        }
        return inode.current;
    }

    /// The inode goes with the next consistency point.
    void markDirty(VolumeState volume, Inode inode) {
        checkExclusive();
        if (inode.dirty) {
            return;
        }
        inode.dirty = true;
        volume.dirtyInodes.add(inode);
        pressure.addInode();
        long block = inode.number / InodeLayout.PER_BLOCK;
        DirtyFile file = touch(volume.inodeFile);
        if (file.meta(block) == DirtyFile.ABSENT) {
            file.putMeta(block, INODE_BLOCK);
            charge(volume, 1 + file.chargeIndirect(volume.inodeFile.heightMax(), block));
        }
    }

    /// Stands in the inode file's dirty set for a block with dirty inodes: its bytes are made by the consistency point.
    private static final byte[] INODE_BLOCK = new byte[1];

    /// What a step of deleting writes at most: the path to where it cut a file, and the same of the inode file.
    private static final int DELETING_BLOCKS = 4 * (TreeLayout.HEIGHT_MAX + 1);

    /// Swaps the dirty sets away: what changed so far belongs to the consistency point that starts now.
    public FrozenSet freeze() {
        checkExclusive();
        Check.that(!frozen, "frozen twice");
        frozen = true;
        if (isDeleting()) {
            space.charge(DELETING_BLOCKS);
        }
        space.freeze();
        pressure.freeze();
        List<FrozenVolume> all = new ArrayList<>();
        boolean empty = true;
        int inodes = 0;
        for (VolumeState volume : bySlot()) {
            List<FrozenInode> dirty = new ArrayList<>(volume.dirtyInodes.size());
            for (Inode inode : volume.dirtyInodes) {
                dirty.add(new FrozenInode(inode));
            }
            dirty.sort(Comparator.comparingLong(FrozenInode::number));
            var part = new FrozenVolume(volume, dirty);
            empty &= dirty.isEmpty() && part.inodeMapChanges().blocks() == 0;
            inodes += dirty.size();
            volume.freezeCharges();
            for (FrozenInode inode : dirty) {
                inode.inode.dirty = false;
                inode.inode.beingWritten = true;
                moveToFrozen(inode.inode);
            }
            moveToFrozen(volume.inodeMap);
            moveToFrozen(volume.inodeFile);
            volume.dirtyInodes.clear();
            all.add(part);
        }
        return new FrozenSet(List.copyOf(all), inodes, empty, volumeSlots, nextVolumeId, lastChange);
    }

    private List<VolumeState> bySlot() {
        List<VolumeState> sorted = new ArrayList<>(volumes.values());
        sorted.sort(Comparator.comparingInt(VolumeState::slot));
        return sorted;
    }

    private static void moveToFrozen(Inode inode) {
        Check.that(inode.frozen == DirtyFile.CLEAN, "inode frozen twice", inode.number);
        inode.frozen = inode.current;
        inode.current = DirtyFile.CLEAN;
    }

    /// The consistency point is on disk: its trees are the trees now, and what it wrote is clean.
    public void publish(FrozenSet set) {
        checkExclusive();
        Check.that(frozen, "published without a freeze");
        frozen = false;
        for (FrozenVolume part : set.volumes()) {
            VolumeState volume = part.volume;
            for (FrozenInode written : part.inodes()) {
                Inode inode = written.inode;
                inode.tree = written.written();
                inode.frozen = DirtyFile.CLEAN;
                inode.beingWritten = false;
                if (inode.freed && inode.isClean()) {
                    volume.inodes.remove(inode);
                }
            }
            volume.inodeFile.tree = part.inodeFile();
            volume.inodeFile.frozen = DirtyFile.CLEAN;
            volume.inodeMap.tree = part.inodeMap();
            volume.inodeMap.frozen = DirtyFile.CLEAN;
            volume.publish(part.usedBlocks());
            if (part.isGone()) {
                volumes.remove(volume.id());
            }
        }
    }
}
