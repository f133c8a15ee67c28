package hearth.domain0.disk;

import java.io.IOException;
import java.util.Random;

import hearth.base.Units;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionMaker;

/// Small regions of real memory files.
public final class TestRegions {
    /// 16 ring entries, 512 frames, log halves of 3 MiB.
    public static final RegionGeometry SMALL = new RegionGeometry(
            2L * Units.MIB, 3L * Units.MIB, 4, 8, 128, 16, 2L * Units.MIB, Units.BLOCK_SIZE, 0);

    private TestRegions() {}

    public static Region make(String domain) throws IOException {
        return RegionMaker.make(domain, SMALL, new Random(1));
    }
}
