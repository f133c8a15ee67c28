package hearth.dmodule.filesystem.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import hearth.base.Check;
import hearth.cf.Export;

/// A volume as the volume table has it; its arrays are never changed.
///
/// @param id within the aggregate, from 1
/// @param deleting nobody can reach it any more, and its blocks are being freed
/// @param config name, export and limit
/// @param usedBlocks of all its files
/// @param inodeFile encoded inode of the inode file
/// @param inodeMap encoded inode of the inode map
public record VolumeRecord(
        int id, boolean deleting, VolumeConfig config, long usedBlocks, byte[] inodeFile, byte[] inodeMap) {
    /// One that is in use.
    public VolumeRecord(int id, VolumeConfig config, long usedBlocks, byte[] inodeFile, byte[] inodeMap) {
        this(id, false, config, usedBlocks, inodeFile, inodeMap);
    }

    public VolumeRecord {
        Check.that(id > 0, "volume id", id);
        Check.that(inodeFile.length == InodeLayout.SIZE && inodeMap.length == InodeLayout.SIZE, "inode size");
    }

    /// Writes the record's 1024 bytes.
    public void encode(byte[] to, int offset) {
        Arrays.fill(to, offset, offset + VolumeLayout.SIZE, (byte) 0);
        Bytes.putInt(to, offset + VolumeLayout.ID_OFFSET, id);
        Bytes.putShort(to, offset + VolumeLayout.VERSION_OFFSET, VolumeLayout.VERSION);
        to[offset + VolumeLayout.STATE_OFFSET] =
                deleting ? (byte) VolumeLayout.STATE_DELETING : (byte) VolumeLayout.STATE_IN_USE;
        to[offset + VolumeLayout.FLAGS_OFFSET] = (byte) (config.readOnly() ? VolumeLayout.FLAG_READ_ONLY : 0);
        Bytes.putInt(to, offset + VolumeLayout.SQUASH_OFFSET, config.squash().code());
        Bytes.putInt(to, offset + VolumeLayout.ANONYMOUS_UID_OFFSET, config.anonymousUid());
        Bytes.putInt(to, offset + VolumeLayout.ANONYMOUS_GID_OFFSET, config.anonymousGid());
        Bytes.putLong(to, offset + VolumeLayout.ROOT_INODE_OFFSET, InodeLayout.ROOT_INODE);
        Bytes.putLong(to, offset + VolumeLayout.USED_BLOCKS_OFFSET, usedBlocks);
        Bytes.putLong(to, offset + VolumeLayout.LIMIT_BLOCKS_OFFSET, config.limitBlocks());
        putText(to, offset + VolumeLayout.NAME_LENGTH_OFFSET, offset + VolumeLayout.NAME_OFFSET, config.name());
        putText(to, offset + VolumeLayout.PATH_LENGTH_OFFSET, offset + VolumeLayout.PATH_OFFSET, config.exportPath());
        putText(to, offset + VolumeLayout.CLIENTS_LENGTH_OFFSET, offset + VolumeLayout.CLIENTS_OFFSET,
                String.join(",", config.clients()));
        System.arraycopy(inodeFile, 0, to, offset + VolumeLayout.INODE_FILE_OFFSET, InodeLayout.SIZE);
        System.arraycopy(inodeMap, 0, to, offset + VolumeLayout.INODE_MAP_OFFSET, InodeLayout.SIZE);
    }

    /// The record at `offset`; empty for a slot not in use. The bytes are already covered by a checksum.
    public static Optional<VolumeRecord> decode(byte[] from, int offset) {
        int id = Bytes.getInt(from, offset + VolumeLayout.ID_OFFSET);
        int state = from[offset + VolumeLayout.STATE_OFFSET];
        if (id <= 0 || state != VolumeLayout.STATE_IN_USE && state != VolumeLayout.STATE_DELETING) {
            return Optional.empty();
        }
        String clients = text(from, offset + VolumeLayout.CLIENTS_LENGTH_OFFSET,
                offset + VolumeLayout.CLIENTS_OFFSET, VolumeLayout.CLIENTS_SIZE);
        var config = new VolumeConfig(
                text(from, offset + VolumeLayout.NAME_LENGTH_OFFSET, offset + VolumeLayout.NAME_OFFSET,
                        VolumeLayout.NAME_SIZE),
                text(from, offset + VolumeLayout.PATH_LENGTH_OFFSET, offset + VolumeLayout.PATH_OFFSET,
                        VolumeLayout.PATH_SIZE),
                (from[offset + VolumeLayout.FLAGS_OFFSET] & VolumeLayout.FLAG_READ_ONLY) != 0,
                clients.isEmpty() ? List.of() : List.of(clients.split(",")),
                squash(Bytes.getInt(from, offset + VolumeLayout.SQUASH_OFFSET)),
                Bytes.getInt(from, offset + VolumeLayout.ANONYMOUS_UID_OFFSET),
                Bytes.getInt(from, offset + VolumeLayout.ANONYMOUS_GID_OFFSET),
                Math.max(0, Bytes.getLong(from, offset + VolumeLayout.LIMIT_BLOCKS_OFFSET)));
        return Optional.of(new VolumeRecord(
                id,
                state == VolumeLayout.STATE_DELETING,
                config,
                Bytes.getLong(from, offset + VolumeLayout.USED_BLOCKS_OFFSET),
                inode(from, offset + VolumeLayout.INODE_FILE_OFFSET),
                inode(from, offset + VolumeLayout.INODE_MAP_OFFSET)));
    }

    /// The rule of unknown numbers is the strictest: nobody keeps his identity.
    private static Export.Squash squash(int code) {
        for (Export.Squash squash : Export.Squash.values()) {
            if (squash.code() == code) {
                return squash;
            }
        }
        return Export.Squash.ALL;
    }

    private static byte[] inode(byte[] from, int offset) {
        return Arrays.copyOfRange(from, offset, offset + InodeLayout.SIZE);
    }

    private static void putText(byte[] to, int lengthOffset, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to[lengthOffset] = (byte) bytes.length;
        System.arraycopy(bytes, 0, to, offset, bytes.length);
    }

    private static String text(byte[] from, int lengthOffset, int offset, int max) {
        return new String(from, offset, Math.min(from[lengthOffset] & 0xff, max), StandardCharsets.UTF_8);
    }
}
