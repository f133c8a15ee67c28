package hearth.dmodule.filesystem.core;

import java.util.Arrays;
import java.util.Optional;

import hearth.base.Check;
import hearth.cf.FileType;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.tree.FileTree;

/// Inodes between the heap and the 256 bytes of `InodeLayout`.
public final class InodeCodec {
    private static final FileType[] TYPES = new FileType[8];

    static {
        for (FileType type : FileType.values()) {
            TYPES[type.code()] = type;
        }
    }

    private InodeCodec() {}

    /// The inode in use at `offset`; empty for a free slot. The bytes are already covered by a checksum.
    public static Optional<Inode> decode(int volumeId, long number, byte[] from, int offset) {
        int code = from[offset + InodeLayout.TYPE_OFFSET];
        if (code == 0) {
            return Optional.empty();
        }
        Check.that(code > 0 && code < TYPES.length, "inode type", code);
        var inode = new Inode(volumeId, number);
        inode.type = TYPES[code];
        inode.mode = Bytes.getShort(from, offset + InodeLayout.MODE_OFFSET);
        inode.linkCount = Bytes.getInt(from, offset + InodeLayout.LINK_COUNT_OFFSET);
        inode.generation = generation(from, offset);
        inode.uid = Bytes.getInt(from, offset + InodeLayout.UID_OFFSET);
        inode.gid = Bytes.getInt(from, offset + InodeLayout.GID_OFFSET);
        inode.sizeBytes = Bytes.getLong(from, offset + InodeLayout.SIZE_OFFSET);
        inode.accessTimeNs = Bytes.getLong(from, offset + InodeLayout.ACCESS_TIME_OFFSET);
        inode.modifyTimeNs = Bytes.getLong(from, offset + InodeLayout.MODIFY_TIME_OFFSET);
        inode.changeTimeNs = Bytes.getLong(from, offset + InodeLayout.CHANGE_TIME_OFFSET);
        inode.birthTimeNs = Bytes.getLong(from, offset + InodeLayout.BIRTH_TIME_OFFSET);
        inode.changeCounter = Bytes.getLong(from, offset + InodeLayout.CHANGE_COUNTER_OFFSET);
        inode.parentOrDevice = Bytes.getLong(from, offset + InodeLayout.PARENT_OR_DEVICE_OFFSET);
        inode.privateWord = Bytes.getLong(from, offset + InodeLayout.PRIVATE_OFFSET);
        if ((from[offset + InodeLayout.FLAGS_OFFSET] & InodeLayout.FLAG_INLINE) != 0) {
            int length = Bytes.getShort(from, offset + InodeLayout.INLINE_LENGTH_OFFSET);
            int area = offset + InodeLayout.AREA_OFFSET;
            inode.inlineTarget = Arrays.copyOfRange(from, area, area + Math.min(length, InodeLayout.AREA_SIZE));
        }
        inode.tree = tree(from, offset);
        return Optional.of(inode);
    }

    /// The generation that the slot keeps, in use or free; 0 in a slot never used.
    public static int generation(byte[] from, int offset) {
        return Bytes.getInt(from, offset + InodeLayout.GENERATION_OFFSET);
    }

    /// The tree of the inode at `offset`.
    public static FileTree tree(byte[] from, int offset) {
        if (from[offset + InodeLayout.TYPE_OFFSET] == 0
                || (from[offset + InodeLayout.FLAGS_OFFSET] & InodeLayout.FLAG_INLINE) != 0) {
            return FileTree.EMPTY;
        }
        int area = offset + InodeLayout.AREA_OFFSET;
        long low = Bytes.getInt(from, offset + InodeLayout.USED_BLOCKS_OFFSET) & 0xffff_ffffL;
        long high = Bytes.getShort(from, offset + InodeLayout.USED_BLOCKS_OFFSET + Integer.BYTES);
        return new FileTree(
                Arrays.copyOfRange(from, area, area + InodeLayout.AREA_SIZE),
                from[offset + InodeLayout.HEIGHT_OFFSET],
                high << 32 | low);
    }

    /// The attributes as 256 bytes; the tree is put in when it is known (`putTree`).
    static byte[] attributes(Inode inode) {
        var bytes = new byte[InodeLayout.SIZE];
        bytes[InodeLayout.VERSION_OFFSET] = InodeLayout.VERSION_NOW;
        Bytes.putInt(bytes, InodeLayout.GENERATION_OFFSET, inode.generation);
        if (inode.freed) {
            return bytes;
        }
        bytes[InodeLayout.TYPE_OFFSET] = (byte) inode.type.code();
        Bytes.putShort(bytes, InodeLayout.MODE_OFFSET, inode.mode);
        Bytes.putInt(bytes, InodeLayout.LINK_COUNT_OFFSET, inode.linkCount);
        Bytes.putInt(bytes, InodeLayout.UID_OFFSET, inode.uid);
        Bytes.putInt(bytes, InodeLayout.GID_OFFSET, inode.gid);
        Bytes.putLong(bytes, InodeLayout.SIZE_OFFSET, inode.sizeBytes);
        Bytes.putLong(bytes, InodeLayout.ACCESS_TIME_OFFSET, inode.accessTimeNs);
        Bytes.putLong(bytes, InodeLayout.MODIFY_TIME_OFFSET, inode.modifyTimeNs);
        Bytes.putLong(bytes, InodeLayout.CHANGE_TIME_OFFSET, inode.changeTimeNs);
        Bytes.putLong(bytes, InodeLayout.BIRTH_TIME_OFFSET, inode.birthTimeNs);
        Bytes.putLong(bytes, InodeLayout.CHANGE_COUNTER_OFFSET, inode.changeCounter);
        Bytes.putLong(bytes, InodeLayout.PARENT_OR_DEVICE_OFFSET, inode.parentOrDevice);
        Bytes.putLong(bytes, InodeLayout.PRIVATE_OFFSET, inode.privateWord);
        if (inode.inlineTarget.length > 0) {
            Check.that(inode.inlineTarget.length <= InodeLayout.AREA_SIZE, "inline target", inode.inlineTarget.length);
            bytes[InodeLayout.FLAGS_OFFSET] = InodeLayout.FLAG_INLINE;
            Bytes.putShort(bytes, InodeLayout.INLINE_LENGTH_OFFSET, inode.inlineTarget.length);
            System.arraycopy(
                    inode.inlineTarget, 0, bytes, InodeLayout.AREA_OFFSET, inode.inlineTarget.length);
        }
        return bytes;
    }

    /// Puts the tree into encoded attributes. An inline target or a free slot has none.
    static void putTree(byte[] bytes, FileTree tree) {
        boolean free = bytes[InodeLayout.TYPE_OFFSET] == 0;
        if (free || bytes[InodeLayout.FLAGS_OFFSET] == InodeLayout.FLAG_INLINE) {
            Check.that(tree.usedBlocks() == 0, "blocks without a place for their pointers", tree.usedBlocks());
            return;
        }
        bytes[InodeLayout.HEIGHT_OFFSET] = (byte) tree.height();
        Bytes.putInt(bytes, InodeLayout.USED_BLOCKS_OFFSET, (int) tree.usedBlocks());
        Bytes.putShort(bytes, InodeLayout.USED_BLOCKS_OFFSET + Integer.BYTES, (int) (tree.usedBlocks() >>> 32));
        System.arraycopy(tree.roots(), 0, bytes, InodeLayout.AREA_OFFSET, InodeLayout.AREA_SIZE);
    }

    /// Gives the inode in use at `offset` another tree.
    public static void replaceTree(byte[] to, int offset, FileTree tree) {
        byte[] inode = Arrays.copyOfRange(to, offset, offset + InodeLayout.SIZE);
        putTree(inode, tree);
        System.arraycopy(inode, 0, to, offset, InodeLayout.SIZE);
    }

    /// A file of the file system itself: a tree and a size.
    public static byte[] encodeFile(FileTree tree, long sizeBytes) {
        var bytes = new byte[InodeLayout.SIZE];
        bytes[InodeLayout.VERSION_OFFSET] = InodeLayout.VERSION_NOW;
        bytes[InodeLayout.TYPE_OFFSET] = (byte) FileType.REGULAR.code();
        Bytes.putLong(bytes, InodeLayout.SIZE_OFFSET, sizeBytes);
        putTree(bytes, tree);
        return bytes;
    }

    /// The size in encoded attributes.
    public static long sizeBytes(byte[] from, int offset) {
        return Bytes.getLong(from, offset + InodeLayout.SIZE_OFFSET);
    }
}
