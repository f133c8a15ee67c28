package hearth.dmodule.filesystem.check;

import java.util.Optional;

import hearth.base.Units;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.InodeCodec;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeLayout;
import hearth.dmodule.filesystem.format.VolumeRecord;
import hearth.dmodule.filesystem.tree.BlockSource;
import hearth.dmodule.filesystem.tree.FileTree;
import hearth.dmodule.filesystem.tree.TreeReader;

/// What a root leads to, as it stands on disk, found without the state of a mounted file system.
///
/// @param <X> what `source` throws
public record StoredRoot<X extends Exception>(FsInfo info, BlockSource<X> source) {
    public FileTree blockMap() {
        return InodeCodec.tree(info.blockMap(), 0);
    }

    public FileTree volumeTable() {
        return InodeCodec.tree(info.volumeTable(), 0);
    }

    /// The volume in a slot of the table; empty when the slot is free.
    public Optional<VolumeRecord> volume(int slot) throws X {
        if (slot < FsInfoLayout.VOLUMES_INLINE) {
            return VolumeRecord.decode(info.volumes(), slot * VolumeLayout.SIZE);
        }
        int place = slot - FsInfoLayout.VOLUMES_INLINE;
        BlockPointer pointer = TreeReader.find(volumeTable(), place / VolumeLayout.PER_BLOCK, source);
        return pointer.isHole()
                ? Optional.empty()
                : VolumeRecord.decode(source.block(pointer), place % VolumeLayout.PER_BLOCK * VolumeLayout.SIZE);
    }

    /// A block of a file; zeros where there is none.
    public byte[] block(FileTree tree, long fbn) throws X {
        BlockPointer pointer = TreeReader.find(tree, fbn, source);
        return pointer.isHole() ? new byte[Units.BLOCK_SIZE] : source.block(pointer);
    }

    /// An inode in use; empty when its slot is free.
    public Optional<Inode> inode(VolumeRecord volume, long number) throws X {
        byte[] block = block(InodeCodec.tree(volume.inodeFile(), 0), number / InodeLayout.PER_BLOCK);
        return InodeCodec.decode(volume.id(), number, block,
                (int) (number % InodeLayout.PER_BLOCK) * InodeLayout.SIZE);
    }
}
