package hearth.memory.journal;

import java.util.random.RandomGenerator;

/// Names one journal, whatever files it is kept in, and seeds the checksum of its entries: what an older journal left
/// in the same place never parses.
public record JournalId(long high, long low) {
    public static JournalId random(RandomGenerator random) {
        return new JournalId(random.nextLong(), random.nextLong());
    }
}
