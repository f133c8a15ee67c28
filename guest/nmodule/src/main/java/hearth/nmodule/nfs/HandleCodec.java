package hearth.nmodule.nfs;

import hearth.cf.FileHandle;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// File handles as clients keep them, over every restart and upgrade:
///
/// | OFFSET | SIZE | DESCRIPTION |
/// |---|---|---|
/// | 0 | 1 | version, 1 |
/// | 1 | 8 | aggregate id |
/// | 9 | 4 | volume id |
/// | 13 | 8 | inode number |
/// | 21 | 4 | generation |
/// | 25 | 3 | zero |
///
/// Big-endian. Version history: 1, the first.
final class HandleCodec {
    /// The most bytes that a client may send as a handle (NFS3_FHSIZE).
    static final int BYTES_MAX = 64;

    private static final int VERSION_OFFSET = 0;
    private static final int AGGREGATE_OFFSET = VERSION_OFFSET + 1;
    private static final int VOLUME_OFFSET = AGGREGATE_OFFSET + Long.BYTES;
    private static final int INODE_OFFSET = VOLUME_OFFSET + Integer.BYTES;
    private static final int GENERATION_OFFSET = INODE_OFFSET + Long.BYTES;
    private static final int ZERO_OFFSET = GENERATION_OFFSET + Integer.BYTES;
    private static final byte VERSION = 1;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private HandleCodec() {}

    static byte[] encode(FileHandle handle) {
        return ByteBuffer.allocate(FileHandle.ENCODED_SIZE)
                .put(VERSION)
                .putLong(handle.aggregateId())
                .putInt(handle.volumeId())
                .putLong(handle.inode())
                .putInt(handle.generation())
                .array();
    }

    /// Empty when it is no handle of this server's making.
    static Optional<FileHandle> decode(MemorySegment bytes) {
        if (bytes.byteSize() != FileHandle.ENCODED_SIZE || bytes.get(ValueLayout.JAVA_BYTE, VERSION_OFFSET) != VERSION) {
            return Optional.empty();
        }
        for (int i = ZERO_OFFSET; i < FileHandle.ENCODED_SIZE; i++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, i) != 0) {
                return Optional.empty();
            }
        }
        return Optional.of(new FileHandle(
                bytes.get(LONG, AGGREGATE_OFFSET),
                bytes.get(INT, VOLUME_OFFSET),
                bytes.get(LONG, INODE_OFFSET),
                bytes.get(INT, GENERATION_OFFSET)));
    }
}
