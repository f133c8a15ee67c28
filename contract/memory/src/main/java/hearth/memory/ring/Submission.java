package hearth.memory.ring;

/// A copy of one submission, as the guest wrote it: nothing in it is checked. Reused by its reader so that taking a
/// batch allocates nothing.
public final class Submission {
    public int op;
    public int slot;
    public long dbn;
    public int blocks;
    public int file;
    public long memoryOffset;
    public long epoch;
    public long tag;
    public int section;
    public int flags;

    /// A snapshot that outlives the next `take`.
    public Submission copy() {
        Submission copy = new Submission();
        copy.op = op;
        copy.slot = slot;
        copy.dbn = dbn;
        copy.blocks = blocks;
        copy.file = file;
        copy.memoryOffset = memoryOffset;
        copy.epoch = epoch;
        copy.tag = tag;
        copy.section = section;
        copy.flags = flags;
        return copy;
    }
}
