package hearth.dmodule.filesystem.core;

import java.util.Collection;
import java.util.Optional;

import hearth.base.Check;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.tree.BlockSource;
import hearth.dmodule.filesystem.tree.TreeReader;

import static hearth.base.Units.BLOCK_SIZE;

/// `FsState` over `HeapState`: current dirty set, then frozen dirty set, then tree. Two of them stand over one state;
/// they differ in what a missing block means.
final class StateView implements FsState {
    private static final byte[] ZEROS = new byte[BLOCK_SIZE];
    /// Inode numbers in one word of the inode map.
    private static final int PER_WORD = Long.SIZE;

    private final HeapState state;
    private final BlockSource<MissingBlock> source;
    private final BlockSource<MissingBlock> atOnce;

    StateView(HeapState state, BlockSource<MissingBlock> source, BlockSource<MissingBlock> atOnce) {
        this.state = state;
        this.source = source;
        this.atOnce = atOnce;
    }

    @Override
    public long aggregateId() {
        return state.aggregateId();
    }

    @Override
    public Optional<VolumeState> volume(int volumeId) {
        return state.volume(volumeId);
    }

    @Override
    public Collection<VolumeState> volumes() {
        return state.volumes();
    }

    @Override
    public SpaceAccounting space() {
        return state.space();
    }

    @Override
    public FsState applying() {
        return state.applying();
    }

    @Override
    public Optional<Inode> inode(VolumeState volume, long ino) throws MissingBlock {
        if (ino < InodeLayout.ROOT_INODE || ino >= InodeLayout.NUMBER_MAX) {
            return Optional.empty();
        }
        Inode inode = volume.inodes.find(ino);
        if (inode != null) {
            return inode.freed ? Optional.empty() : Optional.of(inode);
        }
        BlockPointer pointer = TreeReader.find(volume.inodeFile.tree, ino / InodeLayout.PER_BLOCK, source);
        if (pointer.isHole()) {
            return Optional.empty();
        }
        return InodeCodec.decode(volume.id(), ino, source.block(pointer), slotOf(ino)).map(volume.inodes::addLoaded);
    }

    private static int slotOf(long ino) {
        return (int) (ino % InodeLayout.PER_BLOCK) * InodeLayout.SIZE;
    }

    @Override
    public long pickFreeInode(VolumeState volume) throws MissingBlock {
        long mapBlocks = volume.inodeMap.sizeBytes / BLOCK_SIZE;
        long start = Math.max(InodeLayout.ROOT_INODE, volume.nextInode);
        long end = mapBlocks * InodeLayout.PER_MAP_BLOCK;
        long found = firstFree(volume, start, end);
        if (found < 0) {
            found = firstFree(volume, InodeLayout.ROOT_INODE, Math.min(start, end));
        }
        return found >= 0 ? found : Math.max(InodeLayout.ROOT_INODE, end);
    }

    /// The first free number in `[from, to)`, or -1.
    private long firstFree(VolumeState volume, long from, long to) throws MissingBlock {
        long ino = from;
        while (ino < to) {
            byte[] map = readMeta(volume.inodeMap, ino / InodeLayout.PER_MAP_BLOCK);
            int bit = (int) (ino % InodeLayout.PER_MAP_BLOCK);
            while (bit < InodeLayout.PER_MAP_BLOCK && ino < to) {
                long free = ~Bytes.getLong(map, bit / PER_WORD * Long.BYTES) & -1L << bit % PER_WORD;
                if (free != 0) {
                    long number = ino - bit % PER_WORD + Long.numberOfTrailingZeros(free);
                    return number < to ? number : -1;
                }
                int step = PER_WORD - bit % PER_WORD;
                bit += step;
                ino += step;
            }
        }
        return -1;
    }

    @Override
    public int nextGeneration(VolumeState volume, long ino) throws MissingBlock {
        Inode inode = volume.inodes.find(ino);
        if (inode != null) {
            Check.that(inode.freed, "inode in use", ino);
            return inode.generation + 1;
        }
        BlockPointer pointer = TreeReader.find(volume.inodeFile.tree, ino / InodeLayout.PER_BLOCK, source);
        return pointer.isHole() ? 1 : InodeCodec.generation(source.block(pointer), slotOf(ino)) + 1;
    }

    @Override
    public byte[] readMeta(Inode file, long fbn) throws MissingBlock {
        byte[] dirty = file.current.meta(fbn);
        if (dirty != DirtyFile.ABSENT) {
            return dirty;
        }
        return fbn >= file.current.cutTo() ? ZEROS : readOlder(file, fbn, source);
    }

    /// The block as it was at the freeze.
    private static byte[] readOlder(Inode file, long fbn, BlockSource<MissingBlock> from) throws MissingBlock {
        byte[] dirty = file.frozen.meta(fbn);
        if (dirty != DirtyFile.ABSENT) {
            return dirty;
        }
        if (fbn >= file.frozen.cutTo()) {
            return ZEROS;
        }
        BlockPointer pointer = TreeReader.find(file.tree, fbn, from);
        return pointer.isHole() ? ZEROS : from.block(pointer);
    }

    @Override
    public DataAt data(Inode file, long fbn) throws MissingBlock {
        int at = file.current.data().find(fbn);
        if (at >= 0) {
            return new DataAt.InLog(file.current.data().ref(at), file.current.data().crc(at));
        }
        if (fbn >= file.current.cutTo()) {
            return DataAt.Hole.HOLE;
        }
        at = file.frozen.data().find(fbn);
        if (at >= 0) {
            return new DataAt.InLog(file.frozen.data().ref(at), file.frozen.data().crc(at));
        }
        if (fbn >= file.frozen.cutTo()) {
            return DataAt.Hole.HOLE;
        }
        BlockPointer pointer = TreeReader.find(file.tree, fbn, source);
        return pointer.isHole() ? DataAt.Hole.HOLE : new DataAt.OnDisk(pointer);
    }

    @Override
    public Inode create(VolumeState volume, long ino, int generation) {
        state.checkExclusive();
        Check.that(ino >= InodeLayout.ROOT_INODE && ino < InodeLayout.NUMBER_MAX, "inode number", ino);
        Inode inode = new Inode(volume.id(), ino);
        Inode before = volume.inodes.find(ino);
        if (before != null) {
            // Freed and not yet written: its blocks still have to go, so what is dirty of it and its tree live on.
            Check.that(before.freed, "inode in use", ino);
            inode = before;
            inode.reset();
        } else {
            volume.inodes.put(inode);
        }
        inode.generation = generation;
        setMapBit(volume, ino, true);
        volume.nextInode = ino + 1;
        state.markDirty(volume, inode);
        return inode;
    }

    @Override
    public void dirty(Inode inode) {
        Check.that(!inode.freed, "a freed inode is changed", inode.number);
        state.markDirty(volumeOf(inode), inode);
    }

    @Override
    public void free(VolumeState volume, Inode inode) {
        Check.that(!inode.freed && inode.volumeId == volume.id(), "inode to free", inode.number);
        truncate(inode, 0);
        inode.reset();
        inode.freed = true;
        setMapBit(volume, inode.number, false);
    }

    private void setMapBit(VolumeState volume, long ino, boolean inUse) {
        Inode map = volume.inodeMap;
        long block = ino / InodeLayout.PER_MAP_BLOCK;
        byte[] bytes;
        try {
            bytes = changeMetaOf(map, block, atOnce);
        } catch (MissingBlock e) {
            throw Check.failed("a block read at once is missing: " + e.pointer());
        }
        int bit = (int) (ino % InodeLayout.PER_MAP_BLOCK);
        int offset = bit / PER_WORD * Long.BYTES;
        long mask = 1L << bit % PER_WORD;
        long word = Bytes.getLong(bytes, offset);
        Check.that((word & mask) == 0 == inUse, "bit in the inode map", ino);
        Bytes.putLong(bytes, offset, word ^ mask);
        map.sizeBytes = Math.max(map.sizeBytes, (block + 1) * BLOCK_SIZE);
    }

    @Override
    public byte[] changeMeta(Inode file, long fbn) throws MissingBlock {
        // The read comes first: a missing block leaves nothing half-done.
        byte[] bytes = changeMetaOf(file, fbn, source);
        dirty(file);
        return bytes;
    }

    private byte[] changeMetaOf(Inode file, long fbn, BlockSource<MissingBlock> from) throws MissingBlock {
        state.checkExclusive();
        byte[] dirty = file.current.meta(fbn);
        if (dirty != DirtyFile.ABSENT) {
            return dirty;
        }
        byte[] copy = fbn >= file.current.cutTo() ? new byte[BLOCK_SIZE] : readOlder(file, fbn, from).clone();
        DirtyFile changes = state.touch(file);
        changes.putMeta(fbn, copy);
        state.pressure().addMeta(1);
        state.charge(volumeOf(file), 1 + changes.chargeIndirect(file.heightMax(), fbn));
        return copy;
    }

    @Override
    public void putData(Inode file, long fbn, long payloadRef, int crc) {
        dirty(file);
        DirtyFile changes = state.touch(file);
        if (changes.data().find(fbn) < 0) {
            state.charge(volumeOf(file), 1 + changes.chargeIndirect(file.heightMax(), fbn));
        }
        changes.putData(fbn, payloadRef, crc);
    }

    @Override
    public void truncate(Inode file, long sizeBlocks) {
        dirty(file);
        DirtyFile changes = state.touch(file);
        if (changes.cutTo() == DirtyFile.UNCUT) {
            state.charge(volumeOf(file), SpaceAccounting.cutCost(file));
        }
        state.pressure().addMeta(-changes.cut(sizeBlocks));
    }

    private VolumeState volumeOf(Inode inode) {
        return state.volume(inode.volumeId).orElseThrow(() -> Check.failed("inode of a volume that is not here"));
    }
}
