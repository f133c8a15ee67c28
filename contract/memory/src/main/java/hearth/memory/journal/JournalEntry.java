package hearth.memory.journal;

/// What an entry says. The body of a record is not part of it: it stays where it was copied to.
public sealed interface JournalEntry {
    /// A log record, whose bytes follow; `seed` is the region instance that seeds their CRC.
    record Record(long lsn, long seed) implements JournalEntry {}

    /// Incarnation numbers up to `reservedUpTo` may be used from here on. Durable before the first of them is.
    record Incarnation(long reservedUpTo, long regionInstance) implements JournalEntry {}

    /// A committed fsinfo: a mount that finds an older one refuses.
    record Root(long generation, int crc, long lastLsn) implements JournalEntry {}

    /// The label generation that surviving members carry.
    record Label(long number, long id) implements JournalEntry {}

    /// A durable consistency point includes all records up to `lsn`.
    record Trim(long lsn) implements JournalEntry {}

    /// The rest of the circle is empty; the next entry stands at its start.
    record Pad() implements JournalEntry {}
}
