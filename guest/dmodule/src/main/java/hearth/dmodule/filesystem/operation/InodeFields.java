package hearth.dmodule.filesystem.operation;

import hearth.cf.Attributes;
import hearth.cf.FileType;
import hearth.cf.Wcc;
import hearth.dmodule.filesystem.core.Inode;

/// Everything of an inode that an operation decides: the values before it and, in an effect, those after it. Fields as
/// in `Inode`.
record InodeFields(
        FileType type,
        int mode,
        int linkCount,
        int uid,
        int gid,
        int generation,
        long sizeBytes,
        long accessTimeNs,
        long modifyTimeNs,
        long changeTimeNs,
        long birthTimeNs,
        long changeCounter,
        long parentOrDevice) {

    static final int MODE_MASK = 0_7777;

    static InodeFields of(Inode inode) {
        return new InodeFields(
                inode.type,
                inode.mode,
                inode.linkCount,
                inode.uid,
                inode.gid,
                inode.generation,
                inode.sizeBytes,
                inode.accessTimeNs,
                inode.modifyTimeNs,
                inode.changeTimeNs,
                inode.birthTimeNs,
                inode.changeCounter,
                inode.parentOrDevice);
    }

    void storeIn(Inode inode) {
        inode.type = type;
        inode.mode = mode;
        inode.linkCount = linkCount;
        inode.uid = uid;
        inode.gid = gid;
        inode.generation = generation;
        inode.sizeBytes = sizeBytes;
        inode.accessTimeNs = accessTimeNs;
        inode.modifyTimeNs = modifyTimeNs;
        inode.changeTimeNs = changeTimeNs;
        inode.birthTimeNs = birthTimeNs;
        inode.changeCounter = changeCounter;
        inode.parentOrDevice = parentOrDevice;
    }

    boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    boolean isRegular() {
        return type == FileType.REGULAR;
    }

    boolean isDevice() {
        return type == FileType.BLOCK_DEVICE || type == FileType.CHARACTER_DEVICE;
    }

    /// The next change of this inode happens then: later than its last, whatever the clock says.
    long nextChangeNs(long nowNs) {
        return Math.max(nowNs, changeTimeNs + 1);
    }

    /// Attributes changed.
    InodeFields changed(long timeNs) {
        return with(mode, linkCount, uid, gid, sizeBytes, accessTimeNs, modifyTimeNs, timeNs);
    }

    /// Data changed, or names in a directory.
    InodeFields modified(long timeNs, long size) {
        return with(mode, linkCount, uid, gid, size, accessTimeNs, timeNs, timeNs);
    }

    InodeFields withMode(int newMode) {
        return with(newMode, linkCount, uid, gid, sizeBytes, accessTimeNs, modifyTimeNs, changeTimeNs, 0);
    }

    InodeFields withLinks(int links) {
        return with(mode, links, uid, gid, sizeBytes, accessTimeNs, modifyTimeNs, changeTimeNs, 0);
    }

    InodeFields withSize(long size) {
        return with(mode, linkCount, uid, gid, size, accessTimeNs, modifyTimeNs, changeTimeNs, 0);
    }

    InodeFields withOwner(int newUid, int newGid) {
        return with(mode, linkCount, newUid, newGid, sizeBytes, accessTimeNs, modifyTimeNs, changeTimeNs, 0);
    }

    InodeFields withTimes(long accessNs, long modifyNs) {
        return with(mode, linkCount, uid, gid, sizeBytes, accessNs, modifyNs, changeTimeNs, 0);
    }

    InodeFields withParent(long parent) {
        return new InodeFields(
                type, mode, linkCount, uid, gid, generation, sizeBytes, accessTimeNs, modifyTimeNs, changeTimeNs,
                birthTimeNs, changeCounter, parent);
    }

    private InodeFields with(
            int newMode, int links, int newUid, int newGid, long size, long accessNs, long modifyNs, long changeNs) {
        return with(newMode, links, newUid, newGid, size, accessNs, modifyNs, changeNs, 1);
    }

    private InodeFields with(
            int newMode, int links, int newUid, int newGid, long size, long accessNs, long modifyNs, long changeNs,
            int changes) {
        return new InodeFields(
                type, newMode, links, newUid, newGid, generation, size, accessNs, modifyNs, changeNs,
                birthTimeNs, changeCounter + changes, parentOrDevice);
    }

    Wcc.Before before() {
        return new Wcc.Before(sizeBytes, modifyTimeNs, changeTimeNs);
    }

    Attributes attributes(long fileSystemId, long ino, long usedBytes) {
        return new Attributes(
                type,
                mode,
                linkCount,
                uid,
                gid,
                sizeBytes,
                usedBytes,
                isDevice() ? (int) (parentOrDevice >>> Integer.SIZE) : 0,
                isDevice() ? (int) parentOrDevice : 0,
                fileSystemId,
                ino,
                accessTimeNs,
                modifyTimeNs,
                changeTimeNs);
    }
}
