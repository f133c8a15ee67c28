package hearth.dmodule.filesystem.operation;

import java.util.Optional;

import hearth.base.Check;
import hearth.base.Units;
import hearth.cf.Attributes;
import hearth.cf.Caller;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.Name;
import hearth.cf.Wcc;
import hearth.dmodule.filesystem.core.FsState;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.core.VolumeState;
import hearth.dmodule.filesystem.directory.Directory;

/// The file system as one call sees it, under the lock: handles resolved, attributes made, rights checked. Made anew
/// each time the lock is taken.
///
/// @param nowNs wall clock, read once per call
record View(FsState state, Caller caller, long nowNs) {

    /// An object that the call names.
    record Node(VolumeState volume, Inode inode, InodeFields fields) {
        long ino() {
            return inode.number;
        }
    }

    /// Finds the object of a handle.
    Node node(FileHandle handle) throws Refusal, MissingBlock {
        Refusal.unless(handle.aggregateId() == state.aggregateId(), CfStatus.BAD_HANDLE);
        var volume = state.volume(handle.volumeId());
        Refusal.unless(volume.isPresent(), CfStatus.STALE);
        var inode = state.inode(volume.get(), handle.inode());
        Refusal.unless(inode.isPresent() && inode.get().generation == handle.generation(), CfStatus.STALE);
        return node(volume.get(), inode.get());
    }

    /// The object of a number that a directory or the volume names: it is there.
    Node node(VolumeState volume, long ino) throws MissingBlock {
        var inode = state.inode(volume, ino);
        return node(volume, inode.orElseThrow(() -> Check.failed("a name stands for no inode: " + ino)));
    }

    private static Node node(VolumeState volume, Inode inode) {
        return new Node(volume, inode, InodeFields.of(inode));
    }

    Node directory(FileHandle handle) throws Refusal, MissingBlock {
        var node = node(handle);
        Refusal.unless(node.fields().isDirectory(), CfStatus.NOT_A_DIRECTORY);
        return node;
    }

    /// A directory in which the caller may find names.
    Node searched(FileHandle handle) throws Refusal, MissingBlock {
        var node = directory(handle);
        require(node, Permissions.EXECUTE);
        return node;
    }

    /// A directory in which the caller may add and take names.
    Node changeable(FileHandle handle) throws Refusal, MissingBlock {
        var node = directory(handle);
        require(node, Permissions.EXECUTE | Permissions.WRITE);
        return node;
    }

    void require(Node node, int wanted) throws Refusal {
        Refusal.unless(Permissions.allowed(caller, node.fields(), wanted), CfStatus.ACCESS_DENIED);
    }

    /// Names as a directory can have them; the N-module has judged them before by its own protocol's rules.
    static void requireName(Name name) throws Refusal {
        Refusal.unless(name.length() <= Name.MAX_BYTES, CfStatus.NAME_TOO_LONG);
        Refusal.unless(name.length() > 0, CfStatus.INVALID);
        for (byte b : name.bytes()) {
            Refusal.unless(b != '/' && b != 0, CfStatus.INVALID);
        }
    }

    Directory names(Node directory) {
        return DirectoryFile.open(state, directory.inode());
    }

    FileHandle handle(Node node) {
        return handle(node.volume(), node.ino(), node.fields().generation());
    }

    FileHandle handle(VolumeState volume, long ino, int generation) {
        return new FileHandle(state.aggregateId(), volume.id(), ino, generation);
    }

    Attributes attributes(Node node) {
        return attributes(node, node.fields());
    }

    /// The attributes that `node` will have with `fields`.
    Attributes attributes(Node node, InodeFields fields) {
        return attributes(node, fields, 0);
    }

    /// The same with `moreBlocks` used.
    Attributes attributes(Node node, InodeFields fields, long moreBlocks) {
        long used = (node.inode().usedBlocksNow() + moreBlocks) * Units.BLOCK_SIZE;
        return fields.attributes(fileSystemId(node.volume()), node.ino(), used);
    }

    long fileSystemId(VolumeState volume) {
        return state.aggregateId() + volume.id();
    }

    /// Of an object that stays as it is.
    Wcc unchanged(Node node) {
        return new Wcc(Optional.of(node.fields().before()), Optional.of(attributes(node)));
    }

    /// Of an object that gets `fields`.
    Wcc changed(Node node, InodeFields fields) {
        return new Wcc(Optional.of(node.fields().before()), Optional.of(attributes(node, fields)));
    }
}
