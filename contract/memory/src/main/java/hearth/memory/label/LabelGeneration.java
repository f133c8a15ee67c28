package hearth.memory.label;

import java.util.random.RandomGenerator;

/// One state of a group's membership. The number orders, the random ids tell two halves that lived apart: both moved
/// on from the same predecessor, with the same number perhaps, but with different ids.
///
/// @param number 1 for a new group
/// @param id random, not zero
/// @param predecessorId id of the generation before, 0 for the first
public record LabelGeneration(long number, long id, long predecessorId) {
    public static LabelGeneration first(RandomGenerator random) {
        return new LabelGeneration(1, notZero(random), 0);
    }

    public LabelGeneration next(RandomGenerator random) {
        return new LabelGeneration(number + 1, notZero(random), id);
    }

    private static long notZero(RandomGenerator random) {
        long value = random.nextLong();
        return value == 0 ? 1 : value;
    }
}
