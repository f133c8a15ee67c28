package hearth.dmodule.filesystem.format;

import java.util.Arrays;

import hearth.base.Check;

import static hearth.base.Units.BLOCK_SIZE;

/// The root of an aggregate as a value; its arrays are never changed.
///
/// @param aggregateId random, not zero
/// @param generation the consistency point that made it, from 1
/// @param labelGeneration of the members' labels when it was written
/// @param lastLsn log records up to here are included
/// @param wallTimeNs when it was made
/// @param totalBlocks vbns, 0 included
/// @param freeBlocks free for allocation
/// @param freedEvenBlocks freed by an even consistency point, not yet free
/// @param freedOddBlocks freed by an odd one
/// @param volumeSlots slots of the volume table
/// @param nextVolumeId never reused
/// @param lastChange random number of the administrator's last change that it includes, 0 for none
/// @param blockMap encoded inode of the block map
/// @param volumeTable encoded inode of the volume table
/// @param volumes encoded records of the first slots, `FsInfoLayout.VOLUMES_SIZE` bytes
public record FsInfo(
        long aggregateId,
        long generation,
        long labelGeneration,
        long lastLsn,
        long wallTimeNs,
        long totalBlocks,
        long freeBlocks,
        long freedEvenBlocks,
        long freedOddBlocks,
        int volumeSlots,
        int nextVolumeId,
        long lastChange,
        byte[] blockMap,
        byte[] volumeTable,
        byte[] volumes) {

    /// What a block turned out to be.
    public sealed interface Decoded {
        record Valid(FsInfo info) implements Decoded {}

        /// Never written, torn or damaged.
        record Corrupt(String why) implements Decoded {}

        /// Written by a later format.
        record TooNew(int version) implements Decoded {}

        /// Written by a format that nobody reads any more.
        record TooOld(int version) implements Decoded {}
    }

    public FsInfo {
        Check.that(aggregateId != 0, "aggregate without an id");
        Check.that(generation > 0, "generation of fsinfo", generation);
        Check.that(blockMap.length == InodeLayout.SIZE && volumeTable.length == InodeLayout.SIZE, "inode size");
        Check.that(volumes.length == FsInfoLayout.VOLUMES_SIZE, "volume records", volumes.length);
    }

    /// Blocks with content (vbn 0 counts).
    public long usedBlocks() {
        return totalBlocks - freeBlocks - freedEvenBlocks - freedOddBlocks;
    }

    /// The complete block.
    public byte[] encode() {
        var bytes = new byte[BLOCK_SIZE];
        Bytes.putLong(bytes, FsInfoLayout.MAGIC_OFFSET, FsInfoLayout.MAGIC);
        Bytes.putInt(bytes, FsInfoLayout.VERSION_OFFSET, FsInfoLayout.VERSION);
        Bytes.putLong(bytes, FsInfoLayout.AGGREGATE_ID_OFFSET, aggregateId);
        Bytes.putLong(bytes, FsInfoLayout.GENERATION_OFFSET, generation);
        Bytes.putLong(bytes, FsInfoLayout.LABEL_GENERATION_OFFSET, labelGeneration);
        Bytes.putLong(bytes, FsInfoLayout.LAST_LSN_OFFSET, lastLsn);
        Bytes.putLong(bytes, FsInfoLayout.WALL_TIME_OFFSET, wallTimeNs);
        Bytes.putLong(bytes, FsInfoLayout.TOTAL_BLOCKS_OFFSET, totalBlocks);
        Bytes.putLong(bytes, FsInfoLayout.FREE_BLOCKS_OFFSET, freeBlocks);
        Bytes.putLong(bytes, FsInfoLayout.FREED_EVEN_BLOCKS_OFFSET, freedEvenBlocks);
        Bytes.putLong(bytes, FsInfoLayout.FREED_ODD_BLOCKS_OFFSET, freedOddBlocks);
        Bytes.putInt(bytes, FsInfoLayout.VOLUME_SLOTS_OFFSET, volumeSlots);
        Bytes.putInt(bytes, FsInfoLayout.NEXT_VOLUME_ID_OFFSET, nextVolumeId);
        Bytes.putLong(bytes, FsInfoLayout.LAST_CHANGE_OFFSET, lastChange);
        System.arraycopy(blockMap, 0, bytes, FsInfoLayout.BLOCK_MAP_OFFSET, InodeLayout.SIZE);
        System.arraycopy(volumeTable, 0, bytes, FsInfoLayout.VOLUME_TABLE_OFFSET, InodeLayout.SIZE);
        System.arraycopy(volumes, 0, bytes, FsInfoLayout.VOLUMES_OFFSET, FsInfoLayout.VOLUMES_SIZE);
        Bytes.putInt(bytes, FsInfoLayout.CRC_OFFSET, Bytes.crc(bytes));
        return bytes;
    }

    /// Judges a block; never throws, whatever the bytes.
    public static Decoded decode(byte[] block) {
        if (block.length != BLOCK_SIZE) {
            return new Decoded.Corrupt("length " + block.length);
        }
        if (Bytes.getLong(block, FsInfoLayout.MAGIC_OFFSET) != FsInfoLayout.MAGIC) {
            return new Decoded.Corrupt("magic");
        }
        byte[] zeroed = block.clone();
        Bytes.putInt(zeroed, FsInfoLayout.CRC_OFFSET, 0);
        if (Bytes.crc(zeroed) != Bytes.getInt(block, FsInfoLayout.CRC_OFFSET)) {
            return new Decoded.Corrupt("checksum");
        }
        int version = Bytes.getInt(block, FsInfoLayout.VERSION_OFFSET);
        if (version < FsInfoLayout.VERSION_MIN || version > FsInfoLayout.VERSION) {
            return version > FsInfoLayout.VERSION ? new Decoded.TooNew(version) : new Decoded.TooOld(version);
        }
        long total = Bytes.getLong(block, FsInfoLayout.TOTAL_BLOCKS_OFFSET);
        long free = Bytes.getLong(block, FsInfoLayout.FREE_BLOCKS_OFFSET);
        long even = Bytes.getLong(block, FsInfoLayout.FREED_EVEN_BLOCKS_OFFSET);
        long odd = Bytes.getLong(block, FsInfoLayout.FREED_ODD_BLOCKS_OFFSET);
        int slots = Bytes.getInt(block, FsInfoLayout.VOLUME_SLOTS_OFFSET);
        long id = Bytes.getLong(block, FsInfoLayout.AGGREGATE_ID_OFFSET);
        long generation = Bytes.getLong(block, FsInfoLayout.GENERATION_OFFSET);
        if (id == 0 || generation <= 0 || total <= 0 || total >= 1L << 48
                || free < 0 || free > total || even < 0 || even > total || odd < 0 || odd > total
                || free + even + odd > total || slots < 0 || slots > VolumeLayout.SLOTS_MAX) {
            return new Decoded.Corrupt("values out of range");
        }
        return new Decoded.Valid(new FsInfo(
                id,
                generation,
                Bytes.getLong(block, FsInfoLayout.LABEL_GENERATION_OFFSET),
                Bytes.getLong(block, FsInfoLayout.LAST_LSN_OFFSET),
                Bytes.getLong(block, FsInfoLayout.WALL_TIME_OFFSET),
                total,
                free,
                even,
                odd,
                slots,
                Bytes.getInt(block, FsInfoLayout.NEXT_VOLUME_ID_OFFSET),
                Bytes.getLong(block, FsInfoLayout.LAST_CHANGE_OFFSET),
                part(block, FsInfoLayout.BLOCK_MAP_OFFSET, InodeLayout.SIZE),
                part(block, FsInfoLayout.VOLUME_TABLE_OFFSET, InodeLayout.SIZE),
                part(block, FsInfoLayout.VOLUMES_OFFSET, FsInfoLayout.VOLUMES_SIZE)));
    }

    private static byte[] part(byte[] block, int offset, int size) {
        return Arrays.copyOfRange(block, offset, offset + size);
    }
}
