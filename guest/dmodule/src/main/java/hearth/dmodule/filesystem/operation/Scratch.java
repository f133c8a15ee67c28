package hearth.dmodule.filesystem.operation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import hearth.base.Units;

/// Where a plan completes the first and the last block of a write with old bytes. One, used under the exclusive lock.
final class Scratch {
    private final MemorySegment bytes =
            Arena.ofAuto().allocate(2L * Units.BLOCK_SIZE, Units.BLOCK_SIZE);
    private final BlockChecksum checksum = new BlockChecksum(bytes);

    MemorySegment bytes() {
        return bytes;
    }

    MemorySegment block(int block) {
        return bytes.asSlice((long) block * Units.BLOCK_SIZE, Units.BLOCK_SIZE);
    }

    /// CRC32C of the block at index `block`.
    int crc(int block) {
        return checksum.of((long) block * Units.BLOCK_SIZE);
    }

    void zero(long from, long to) {
        bytes.asSlice(from, to - from).fill((byte) 0);
    }

    /// CRC32C of blocks within one segment; for one thread at a time.
    static final class BlockChecksum {
        private final ByteBuffer buffer;
        private final CRC32C crc = new CRC32C();

        BlockChecksum(MemorySegment segment) {
            buffer = segment.asByteBuffer();
        }

        /// Of the 4096 bytes at `offset`.
        int of(long offset) {
            buffer.clear().position((int) offset).limit((int) offset + Units.BLOCK_SIZE);
            crc.reset();
            crc.update(buffer);
            return (int) crc.getValue();
        }
    }
}
