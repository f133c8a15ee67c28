package hearth.memory.log;

import java.util.Arrays;

/// A record that was copied out and found good. `image` is header and body as they stand in memory, the body being
/// reply and effect; the payload stays in the log at `half`, `position + header.payloadOffset()`.
public final class LogRecord {
    private final RecordHeader header;
    private final byte[] image;
    private final int half;
    private final long halfGeneration;
    private final long position;

    LogRecord(RecordHeader header, byte[] image, int half, long halfGeneration, long position) {
        this.header = header;
        this.image = image;
        this.half = half;
        this.halfGeneration = halfGeneration;
        this.position = position;
    }

    public RecordHeader header() {
        return header;
    }

    public long lsn() {
        return header.lsn();
    }

    /// 0 or 1.
    public int half() {
        return half;
    }

    /// The lap of the half in which it was found.
    public long halfGeneration() {
        return halfGeneration;
    }

    /// Bytes from the half's start to the record's.
    public long position() {
        return position;
    }

    /// Bytes from the half's start to the payload.
    public long payloadPosition() {
        return position + header.payloadOffset();
    }

    public byte[] reply() {
        int from = RecordLayout.HEADER_BYTES;
        return Arrays.copyOfRange(image, from, from + header.replyLength());
    }

    public byte[] effect() {
        int from = RecordLayout.HEADER_BYTES;
        return Arrays.copyOfRange(image, from + header.replyLength(), from + header.bodyLength());
    }
}
