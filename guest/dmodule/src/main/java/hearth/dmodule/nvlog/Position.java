package hearth.dmodule.nvlog;

/// Where a record stands: its LSN, its half and the lap of that half, its bytes from the half's start, and a
/// [PayloadRef] to the first block of its payload (to the end of the record where it has none).
public record Position(long lsn, int half, long halfGeneration, long recordBytes, long payloadRef) {}
