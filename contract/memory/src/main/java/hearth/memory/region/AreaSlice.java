package hearth.memory.region;

import java.lang.foreign.MemorySegment;

/// One area's memory for the class that owns its layout. The one place where raw memory leaves this package: whoever
/// takes it hands out copies only. Valid until the region is closed.
public record AreaSlice(MemorySegment memory) {}
