package hearth.memory.journal;

/// What all entries up to some place add up to. Numbers never move back.
///
/// @param trimmedLsn records up to this one are in a durable consistency point
/// @param incarnationsReserved numbers up to this one may have been used
/// @param regionInstance the last region that wrote here, 0 for none
/// @param root the highest committed fsinfo, generation 0 for none
/// @param label the highest label generation, number 0 for none
public record JournalSummary(
        long trimmedLsn,
        long incarnationsReserved,
        long regionInstance,
        JournalEntry.Root root,
        JournalEntry.Label label) {

    public static final JournalSummary EMPTY =
            new JournalSummary(0, 0, 0, new JournalEntry.Root(0, 0, 0), new JournalEntry.Label(0, 0));

    /// With one more entry.
    public JournalSummary with(JournalEntry entry) {
        return switch (entry) {
            case JournalEntry.Record _, JournalEntry.Pad _ -> this;
            case JournalEntry.Incarnation(long reserved, long region) -> new JournalSummary(
                    trimmedLsn, Math.max(incarnationsReserved, reserved), region, root, label);
            case JournalEntry.Root found -> found.generation() < root.generation() ? this
                    : new JournalSummary(trimmedLsn, incarnationsReserved, regionInstance, found, label);
            case JournalEntry.Label found -> found.number() < label.number() ? this
                    : new JournalSummary(trimmedLsn, incarnationsReserved, regionInstance, root, found);
            case JournalEntry.Trim(long lsn) -> new JournalSummary(
                    Math.max(trimmedLsn, lsn), incarnationsReserved, regionInstance, root, label);
        };
    }
}
