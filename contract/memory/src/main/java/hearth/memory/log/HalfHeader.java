package hearth.memory.log;

/// A half as its header tells it: the lap, the LSN at position 0, and the number that every record of the lap repeats.
public record HalfHeader(long generation, long startLsn, long cpGeneration) {}
