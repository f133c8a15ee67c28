package hearth.memory.region;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import hearth.base.Check;
import hearth.memory.word.Crc;

/// What the first page of a region's file says: which region, which file, which sizes.
record FileHeader(FileKind kind, long instance, String domain, RegionGeometry geometry) {
    private static final int CHECKED_BYTES = FileHeaderLayout.CRC_OFFSET + Integer.BYTES;

    byte[] encode() {
        byte[] name = domain.getBytes(StandardCharsets.UTF_8);
        Check.that(name.length > 0 && name.length <= FileHeaderLayout.DOMAIN_SIZE, "domain name", name.length);
        ByteBuffer page = ByteBuffer.allocate(FileHeaderLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(FileHeaderLayout.MAGIC_OFFSET, FileHeaderLayout.MAGIC_VALUE);
        page.putInt(FileHeaderLayout.VERSION_OFFSET, FileHeaderLayout.VERSION_VALUE);
        page.putInt(FileHeaderLayout.KIND_OFFSET, kind.ordinal());
        page.putLong(FileHeaderLayout.INSTANCE_OFFSET, instance);
        page.putLong(FileHeaderLayout.FILE_BYTES_OFFSET, geometry.fileBytes(kind));
        page.putLong(FileHeaderLayout.CACHE_BYTES_OFFSET, geometry.cacheBytes());
        page.putLong(FileHeaderLayout.LOG_HALF_BYTES_OFFSET, geometry.logHalfBytes());
        page.putLong(FileHeaderLayout.STAGING_BYTES_OFFSET, geometry.stagingBytes());
        page.putLong(FileHeaderLayout.SESSION_BYTES_OFFSET, geometry.sessionBytes());
        page.putInt(FileHeaderLayout.DISKS_MAX_OFFSET, geometry.disksMax());
        page.putInt(FileHeaderLayout.DUPLICATE_ENTRIES_OFFSET, geometry.duplicateEntries());
        page.putInt(FileHeaderLayout.INDEX_ENTRIES_OFFSET, geometry.indexEntriesPerHalf());
        page.putInt(FileHeaderLayout.RING_ENTRIES_OFFSET, geometry.ringEntries());
        page.putInt(FileHeaderLayout.CHECKPOINT_SLOT_BYTES_OFFSET, geometry.checkpointSlotBytes());
        page.putInt(FileHeaderLayout.DOMAIN_LENGTH_OFFSET, name.length);
        page.put(FileHeaderLayout.DOMAIN_OFFSET, name);
        page.putInt(FileHeaderLayout.CRC_OFFSET, Crc.of(page.array(), 0, FileHeaderLayout.CRC_OFFSET));
        return page.array();
    }

    /// Judges a copy of the page; throws when it is not a header of `kind`.
    static FileHeader decode(FileKind kind, byte[] bytes) throws RegionException {
        Check.that(bytes.length >= CHECKED_BYTES, "a header page was copied short", bytes.length);
        ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (page.getLong(FileHeaderLayout.MAGIC_OFFSET) != FileHeaderLayout.MAGIC_VALUE) {
            throw new RegionException(kind, "no magic");
        }
        int version = page.getInt(FileHeaderLayout.VERSION_OFFSET);
        if (version != FileHeaderLayout.VERSION_VALUE) {
            throw new RegionException(kind, "version " + version);
        }
        if (page.getInt(FileHeaderLayout.CRC_OFFSET) != Crc.of(bytes, 0, FileHeaderLayout.CRC_OFFSET)) {
            throw new RegionException(kind, "header checksum");
        }
        if (page.getInt(FileHeaderLayout.KIND_OFFSET) != kind.ordinal()) {
            throw new RegionException(kind, "is file " + page.getInt(FileHeaderLayout.KIND_OFFSET));
        }
        int nameLength = page.getInt(FileHeaderLayout.DOMAIN_LENGTH_OFFSET);
        if (nameLength < 1 || nameLength > FileHeaderLayout.DOMAIN_SIZE) {
            throw new RegionException(kind, "domain name of " + nameLength + " bytes");
        }
        String domain = new String(bytes, FileHeaderLayout.DOMAIN_OFFSET, nameLength, StandardCharsets.UTF_8);
        RegionGeometry geometry = geometry(kind, page);
        if (page.getLong(FileHeaderLayout.FILE_BYTES_OFFSET) != geometry.fileBytes(kind)) {
            throw new RegionException(kind, "size does not follow from its geometry");
        }
        return new FileHeader(kind, page.getLong(FileHeaderLayout.INSTANCE_OFFSET), domain, geometry);
    }

    private static RegionGeometry geometry(FileKind kind, ByteBuffer page) throws RegionException {
        try {
            return new RegionGeometry(
                    page.getLong(FileHeaderLayout.CACHE_BYTES_OFFSET),
                    page.getLong(FileHeaderLayout.LOG_HALF_BYTES_OFFSET),
                    page.getInt(FileHeaderLayout.DISKS_MAX_OFFSET),
                    page.getInt(FileHeaderLayout.DUPLICATE_ENTRIES_OFFSET),
                    page.getInt(FileHeaderLayout.INDEX_ENTRIES_OFFSET),
                    page.getInt(FileHeaderLayout.RING_ENTRIES_OFFSET),
                    page.getLong(FileHeaderLayout.STAGING_BYTES_OFFSET),
                    page.getInt(FileHeaderLayout.CHECKPOINT_SLOT_BYTES_OFFSET),
                    page.getLong(FileHeaderLayout.SESSION_BYTES_OFFSET));
        } catch (IllegalArgumentException e) {
            throw new RegionException(kind, "geometry: " + e.getMessage());
        }
    }
}
