package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import hearth.base.Units;
import hearth.base.posix.PosixException;

/// Lets the fuzz targets at the assembler of records.
public final class AssemblerDoor {
    private static final long POOL_BYTES = 8L * Units.MIB;
    private static final BufferPool POOL = pool();

    private AssemblerDoor() {}

    /// What became of a stream.
    ///
    /// @param excessive it could not be followed to its end
    public record Cut(List<byte[]> records, boolean excessive) {}

    private static BufferPool pool() {
        try {
            return new BufferPool(POOL_BYTES);
        } catch (PosixException e) {
            throw new AssertionError(e);
        }
    }

    /// Cuts a stream that comes in pieces of at most `pieceBytes` into records, and gives all memory back.
    public static Cut cut(byte[] stream, int pieceBytes) {
        var buffer = new PrivateStreamBuffer(POOL, POOL_BYTES, 0, 0, () -> {});
        var assembler = new RecordAssembler(buffer, NetLimits.RECORD_BYTES_MAX);
        List<byte[]> records = new ArrayList<>();
        boolean excessive = false;
        int at = 0;
        while (at < stream.length && !excessive) {
            MemorySegment room = assembler.room().orElseThrow();
            int count = (int) Math.min(Math.min(pieceBytes, room.byteSize()), stream.length - at);
            MemorySegment.copy(stream, at, room, ValueLayout.JAVA_BYTE, 0, count);
            at += count;
            assembler.received(count);
            excessive = take(assembler, records);
            assembler.idle();
        }
        assembler.close();
        if (buffer.leasedBytes() != 0 || POOL.freeBytes() != POOL_BYTES) {
            throw new AssertionError("memory that was not given back: " + buffer.leasedBytes());
        }
        return new Cut(records, excessive);
    }

    private static boolean take(RecordAssembler assembler, List<byte[]> records) {
        while (true) {
            switch (assembler.next()) {
                case RecordAssembler.Next.Whole(Lease lease, MemorySegment bytes) -> {
                    records.add(bytes.toArray(ValueLayout.JAVA_BYTE));
                    lease.release();
                }
                case RecordAssembler.Next.Incomplete() -> {
                    return false;
                }
                case RecordAssembler.Next.Excessive() -> {
                    return true;
                }
            }
        }
    }
}
