package hearth.nmodule.nfs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

import hearth.cf.FileHandle;

/// File handles as clients keep them, over every restart and upgrade:
///
/// | OFFSET | SIZE | NAME       | DESCRIPTION                    |
/// |-------:|-----:|------------|--------------------------------|
/// |      0 |    1 | VERSION    | 1                              |
/// |      1 |    8 | AGGREGATE  | the aggregate's id             |
/// |      9 |    4 | VOLUME     | the volume within it           |
/// |     13 |    8 | INODE      | inode number within the volume |
/// |     21 |    4 | GENERATION | the inode's generation         |
/// |     25 |    3 | ZERO       | zero                           |
///
/// Big-endian. Version history: 1, the first.
final class FileHandleLayout {
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

    private FileHandleLayout() {}

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
        if (bytes.byteSize() != FileHandle.ENCODED_SIZE
                || bytes.get(ValueLayout.JAVA_BYTE, VERSION_OFFSET) != VERSION) {
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
