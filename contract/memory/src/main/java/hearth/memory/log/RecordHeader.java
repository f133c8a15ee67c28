package hearth.memory.log;

/// What a record's header says, without commit word and CRC. Lengths in bytes; `length` is the whole record.
public record RecordHeader(
        long lsn,
        long incarnation,
        long cpGeneration,
        short type,
        short flags,
        int attempts,
        int bodyLength,
        int payloadLength,
        int replyLength,
        CallIdentity call) {

    /// From the record's start; a multiple of 64.
    public int payloadOffset() {
        return RecordCodec.payloadOffset(bodyLength);
    }

    /// Of the whole record; a multiple of 64.
    public int length() {
        return RecordCodec.length(bodyLength, payloadLength);
    }
}
