package hearth.domain0.net;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a portmapper does with a stream, without a socket.
public final class PortmapperDoor {
    private PortmapperDoor() {}

    /// The records of a stream that comes in pieces.
    ///
    /// @param excessive whether one is longer than it may be, which ends the stream
    public record Cut(List<byte[]> records, boolean excessive) {}

    /// Cuts `stream`, which comes `pieceBytes` at a time.
    public static Cut cut(byte[] stream, int pieceBytes) {
        var cutter = new RecordStream(PortMap.CALL_BYTES_MAX);
        var records = new ArrayList<byte[]>();
        for (int from = 0; from < stream.length && !cutter.isExcessive(); from += pieceBytes) {
            ByteBuffer piece = ByteBuffer.wrap(stream, from, Math.min(pieceBytes, stream.length - from));
            for (Optional<ByteBuffer> next = cutter.next(piece); next.isPresent(); next = cutter.next(piece)) {
                byte[] record = new byte[next.get().remaining()];
                next.get().get(record);
                records.add(record);
            }
        }
        return new Cut(records, cutter.isExcessive());
    }
}
