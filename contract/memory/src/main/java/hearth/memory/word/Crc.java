package hearth.memory.word;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// CRC32C, the checksum of every format here.
public final class Crc {
    private Crc() {}

    public static int of(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    public static int of(MemorySegment bytes) {
        var crc = new CRC32C();
        crc.update(bytes.asByteBuffer());
        return (int) crc.getValue();
    }

    /// The checksum of some leading longs and then `bytes`.
    public static int seeded(byte[] bytes, long... seeds) {
        var crc = new CRC32C();
        for (long seed : seeds) {
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                crc.update((int) (seed >>> shift) & 0xFF);
            }
        }
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }
}
