package hearth.dmodule.filesystem.check;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;

import hearth.cf.FileType;
import hearth.dmodule.filesystem.blockmap.MapWords;
import hearth.dmodule.filesystem.core.DamagedBlock;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.InodeCodec;
import hearth.dmodule.filesystem.format.BlockMapLayout;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeRecord;
import hearth.dmodule.filesystem.tree.BlockSource;
import hearth.dmodule.filesystem.tree.FileTree;
import hearth.dmodule.filesystem.tree.TreeReader;

import static hearth.base.Units.BLOCK_SIZE;

/// Checks one root:
/// - every block that it reaches is reached once, is USED in the block map, was not born after the root, and its bytes
///   have the checksum of the pointer to it;
/// - every USED block is reached; nothing reachable is free or freed;
/// - counts in fsinfo, volume records and inodes are what is found;
/// - an inode number is in use in the inode map just when its slot is in use;
/// - what a `FileCheck` finds in files (directories are checked by the package that knows their format).
///
/// Memory: one bit for each block of the aggregate, which has at most 2^31 (8 TiB). One use, one thread; nobody writes
/// meanwhile.
public final class Checker {
    /// Where blocks are read from; the bytes are checked here again.
    @FunctionalInterface
    public interface Blocks extends BlockSource<IOException> {}

    /// A further look at each inode in use.
    @FunctionalInterface
    public interface FileCheck {
        FileCheck NONE = (_, _, _, _) -> {};

        /// @param blocks for following the inode's tree
        void check(int volumeId, Inode inode, BlockSource<IOException> blocks, Findings findings) throws IOException;
    }

    /// What becomes of the blocks at the trees' lowest level: of files' data, and of directories and tables, which are
    /// looked at by other ways, too.
    @FunctionalInterface
    public interface DataCheck {
        /// They are not read.
        DataCheck NONE = (_, _, _, _) -> {};

        /// @param file the inode or table, for people
        /// @param index of the block in it
        void check(String file, long index, BlockPointer pointer, Findings findings) throws IOException;
    }

    private final FsInfo info;
    private final Blocks source;
    private final FileCheck fileCheck;
    private final DataCheck dataCheck;
    private final StoredRoot<IOException> root;
    private final Findings findings = new Findings();
    private final BitSet reached = new BitSet();

    /// Reads file data in passing, too, and compares checksums.
    public Checker(FsInfo info, Blocks source, FileCheck fileCheck) {
        this.info = info;
        this.source = source;
        this.root = new StoredRoot<>(info, this::read);
        this.dataCheck = (_, _, pointer, _) -> read(pointer);
        this.fileCheck = fileCheck;
    }

    /// Gives file data to `dataCheck`.
    public Checker(FsInfo info, Blocks source, DataCheck dataCheck, FileCheck fileCheck) {
        this.info = info;
        this.source = source;
        this.root = new StoredRoot<>(info, this::read);
        this.dataCheck = dataCheck;
        this.fileCheck = fileCheck;
    }

    /// @throws IOException the disks do not answer; a block without its bytes is a finding
    public Findings run() throws IOException {
        if (info.totalBlocks() > Integer.MAX_VALUE) {
            findings.problem("too large to be checked: " + info.totalBlocks() + " blocks");
            return findings;
        }
        reached.set(0);
        walk(root.blockMap(), "block map");
        walk(root.volumeTable(), "volume table");
        for (int slot = 0; slot < info.volumeSlots(); slot++) {
            Optional<VolumeRecord> record = root.volume(slot);
            if (record.isPresent()) {
                checkVolume(record.get());
            }
        }
        checkMap(root.blockMap());
        return findings;
    }

    private void checkVolume(VolumeRecord record) throws IOException {
        findings.volumes++;
        String name = "volume " + record.id();
        FileTree inodeFile = InodeCodec.tree(record.inodeFile(), 0);
        FileTree inodeMap = InodeCodec.tree(record.inodeMap(), 0);
        long used = walk(inodeFile, name + " inode file") + walk(inodeMap, name + " inode map");
        long numbers = InodeCodec.sizeBytes(record.inodeMap(), 0) * Byte.SIZE;
        byte[] inodes = new byte[BLOCK_SIZE];
        byte[] bits = new byte[BLOCK_SIZE];
        for (long number = 0; number < numbers; number++) {
            if (number % InodeLayout.PER_BLOCK == 0) {
                inodes = root.block(inodeFile, number / InodeLayout.PER_BLOCK);
            }
            if (number % InodeLayout.PER_MAP_BLOCK == 0) {
                bits = root.block(inodeMap, number / InodeLayout.PER_MAP_BLOCK);
            }
            used += checkInode(record, number, inodes, bits);
        }
        if (used != record.usedBlocks()) {
            findings.problem(name + ": " + used + " blocks found, " + record.usedBlocks() + " counted");
        }
    }

    private long checkInode(VolumeRecord record, long number, byte[] inodes, byte[] bits) throws IOException {
        int volumeId = record.id();
        int offset = (int) (number % InodeLayout.PER_BLOCK) * InodeLayout.SIZE;
        int bit = (int) (number % InodeLayout.PER_MAP_BLOCK);
        boolean mapped = (bits[bit / Byte.SIZE] >>> bit % Byte.SIZE & 1) != 0;
        String name = "volume " + volumeId + " inode " + number;
        Optional<Inode> decoded = InodeCodec.decode(volumeId, number, inodes, offset);
        // Of a volume that is being deleted the map goes last.
        if (decoded.isPresent() != mapped && !record.deleting()) {
            findings.problem(name + (mapped ? ": in use in the map, its slot is free" : ": its map bit is free"));
        }
        if (decoded.isEmpty()) {
            return 0;
        }
        findings.inodes++;
        Inode inode = decoded.get();
        if (inode.type == FileType.DIRECTORY) {
            findings.directories++;
        }
        long used = walk(InodeCodec.tree(inodes, offset), name);
        if (!record.deleting()) {
            fileCheck.check(volumeId, inode, this::read, findings);
        }
        return used;
    }

    /// Marks every block of a tree; returns how many there are.
    private long walk(FileTree tree, String name) throws IOException {
        long before = findings.blocks;
        TreeReader.<IOException, IOException, IOException>walk(tree, this::read, (pointer, level, index) -> {
            boolean mayGoOn = mark(pointer, name, level, index);
            if (mayGoOn && level == 0) {
                dataCheck.check(name, index, pointer, findings);
            }
            return mayGoOn;
        });
        long found = findings.blocks - before;
        if (found != tree.usedBlocks()) {
            findings.problem(name + ": " + found + " blocks found, " + tree.usedBlocks() + " counted");
        }
        return found;
    }

    private boolean mark(BlockPointer pointer, String name, int level, long index) {
        if (pointer.vbn() >= info.totalBlocks()) {
            wrong(pointer, name, level, index, "beyond the aggregate");
            return false;
        }
        if (pointer.birth() <= 0 || pointer.birth() > info.generation()) {
            wrong(pointer, name, level, index, "born at " + pointer.birth());
        }
        findings.blocks++;
        if (reached.get((int) pointer.vbn())) {
            wrong(pointer, name, level, index, "reached twice");
            return false;
        }
        reached.set((int) pointer.vbn());
        return true;
    }

    private void wrong(BlockPointer pointer, String name, int level, long index, String what) {
        findings.problem(name + " level " + level + " block " + index + " at " + pointer.vbn() + ": " + what);
    }

    /// A damaged block is a finding and reads as zeros, so that the walk goes on.
    private byte[] read(BlockPointer pointer) throws IOException {
        try {
            byte[] bytes = source.block(pointer);
            if (Bytes.crc(bytes) == pointer.crc()) {
                return bytes;
            }
        } catch (DamagedBlock e) {
            // The same finding as a wrong checksum.
        }
        findings.problem("block " + pointer.vbn() + " born " + pointer.birth() + ": wrong checksum");
        return new byte[BLOCK_SIZE];
    }

    private void checkMap(FileTree map) throws IOException {
        long[] states = new long[4];
        byte[] block = new byte[BLOCK_SIZE];
        for (long vbn = 0; vbn < info.totalBlocks(); vbn++) {
            int at = (int) (vbn % BlockMapLayout.PER_BLOCK);
            if (at == 0) {
                block = root.block(map, vbn / BlockMapLayout.PER_BLOCK);
            }
            int state = MapWords.state(block, at);
            states[state]++;
            if (reached.get((int) vbn) != (state == BlockMapLayout.USED)) {
                findings.problem("block " + vbn + ": state " + state
                        + (reached.get((int) vbn) ? " but reached" : " but not reached"));
            }
        }
        compare("free", states[BlockMapLayout.FREE], info.freeBlocks());
        compare("freed by even", states[BlockMapLayout.FREED_EVEN], info.freedEvenBlocks());
        compare("freed by odd", states[BlockMapLayout.FREED_ODD], info.freedOddBlocks());
    }

    private void compare(String what, long found, long counted) {
        if (found != counted) {
            findings.problem(what + " blocks: " + found + " found, " + counted + " counted");
        }
    }
}
