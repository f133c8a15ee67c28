/// The NVLOG: what was acknowledged is here. Two halves of records in the `guest` file; a consistency point empties
/// one while the other fills. The guest alone writes ([LogWriter]); the host's flusher and the successor's replay read
/// ([LogReader]) and judge copies only. All of it survives the guest; [LogLoader] rebuilds it after the host's death
/// from the journal.
///
/// Invariants:
/// - LSNs are 1, 2, 3 … without gaps and are never reused within an aggregate's life.
/// - A record counts only if its LSN is at or below the committed LSN; that word moves last, so a torn record is never
///   seen: it lies beyond. A record at or below it that does not parse is corruption, never a torn tail.
/// - Bytes of an earlier lap or of another region never parse: the LSN is the expected one and seeds the CRC.
/// - The half that is not active is free when the active half's first LSN is at most the durable LSN plus one.
package hearth.memory.log;
