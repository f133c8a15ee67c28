package hearth.memory.ring;

import hearth.base.Units;

/// Where the rings' parts stand in their file; follows from the geometry.
///
/// @param areaOffset offset of the words, after the file's header page
/// @param entries of each ring, a power of two
/// @param stagingBytes a multiple of 4 KiB
public record RingPlan(long areaOffset, int entries, long stagingBytes) {
    public long submissionsOffset() {
        return areaOffset + RingLayout.SIZE;
    }

    public long completionsOffset() {
        return submissionsOffset() + (long) entries * SubmissionLayout.SIZE;
    }

    /// First staging slot, a multiple of 4 KiB.
    public long stagingOffset() {
        return Units.roundUp(completionsOffset() + (long) entries * CompletionLayout.SIZE, Units.BLOCK_SIZE);
    }

    public int stagingSlots() {
        return (int) (stagingBytes / Units.BLOCK_SIZE);
    }

    public long endOffset() {
        return stagingOffset() + stagingBytes;
    }
}
