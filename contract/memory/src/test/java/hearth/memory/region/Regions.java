package hearth.memory.region;

import java.io.IOException;
import java.util.Random;

/// Small regions for tests.
final class Regions {
    private Regions() {}

    static final RegionGeometry SMALL =
            new RegionGeometry(2L << 20, 2L << 20, 8, 64, 128, 8, 2L << 20, 64 << 10, 4096);

    static Region make() throws IOException {
        return RegionMaker.make("test", SMALL, new Random(1));
    }
}
