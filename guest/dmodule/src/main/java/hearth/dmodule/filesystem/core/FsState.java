package hearth.dmodule.filesystem.core;

import java.util.Collection;
import java.util.Optional;

/// The file system as it is now, in memory; only under the `FsLock`. Methods marked *change* need its exclusive side.
/// "ino" is an inode number within a volume; "fbn" a file block number. `Inode` and `VolumeState` objects are not kept
/// beyond the lock.
///
/// Planning calls the looking methods and may meet `MissingBlock`. Applying an effect uses the view of `applying()`.
public interface FsState {
    /// The aggregate's random id, part of every file handle.
    long aggregateId();

    Optional<VolumeState> volume(int volumeId);

    /// All volumes, by ascending id.
    Collection<VolumeState> volumes();

    /// The inode in use under that number; empty for a free or impossible number.
    Optional<Inode> inode(VolumeState volume, long ino) throws MissingBlock;

    /// The number that the next `create` should take. Changes nothing; the same answer until it is created.
    long pickFreeInode(VolumeState volume) throws MissingBlock;

    /// The generation that the next user of a free number gets.
    int nextGeneration(VolumeState volume, long ino) throws MissingBlock;

    /// A metadata block (of a directory or a long symbolic link): 4096 bytes, not to be changed; zeros for a hole.
    byte[] readMeta(Inode file, long fbn) throws MissingBlock;

    /// Where the bytes of a regular file's block are.
    DataAt data(Inode file, long fbn) throws MissingBlock;

    /// Space: what an operation may still promise.
    SpaceAccounting space();

    /// *Change.* Takes the number in the inode map and gives a fresh, dirty inode: REGULAR, no names, no bytes; the
    /// caller fills all its fields and calls `dirty` no more. The number must be free.
    Inode create(VolumeState volume, long ino, int generation);

    /// *Change.* To be called once fields of an inode were changed (or are about to be, under the same lock).
    void dirty(Inode inode);

    /// *Change.* The last name is gone: gives the number back; all blocks go with the next consistency point.
    void free(VolumeState volume, Inode inode);

    /// *Change.* A metadata block to be changed in place: copied if a consistency point is writing it, marked dirty.
    byte[] changeMeta(Inode file, long fbn) throws MissingBlock;

    /// *Change.* The block's 4096 bytes are in the log at `payloadRef` and have that CRC32C. Does not touch the size.
    void putData(Inode file, long fbn, long payloadRef, int crc);

    /// *Change.* Drops all blocks (data and metadata) from `sizeBlocks` on. Does not touch the size, nor the bytes of
    /// a partial last block: the operation rewrites that as a logged block first.
    void truncate(Inode file, long sizeBlocks);

    /// The same state for applying an effect that is already in the log: nothing may fail there, so a missing block
    /// is read at once, with the lock held; it never throws `MissingBlock`. A disk that fails then is an Error.
    FsState applying();
}
